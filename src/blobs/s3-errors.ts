import { KonturError } from '#contract/errors';
import type { S3Location } from '../config/blobs-location.ts';
import { NETWORK_CODES } from '../runtime/network-codes.ts';

interface S3Error extends Error {
  code?: string;
  /** Of an answer of the store. */
  $metadata?: { httpStatusCode?: number };
}

/** A download that broke off. */
const CUT_OFF = 'ERR_STREAM_PREMATURE_CLOSE';
const NAMES = new Set(['TimeoutError', 'CredentialsProviderError']);
/** What stores call having no room left; AWS never does. */
const FULL = /^(XMinioStorageFull|QuotaExceeded(Exception)?|EntityStorageFull|InsufficientCapacity)$/;

/** True where the store says that there is no object of that name. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return name === 'NoSuchKey' || (name === 'NotFound' && $metadata?.httpStatusCode === 404);
}

/** True where the object has another etag than the request was for. */
export function isChanged(error: unknown): boolean {
  return (error as S3Error).$metadata?.httpStatusCode === 412;
}

/** True where the store knows nothing of conditions such as an etag. */
export function isNotImplemented(error: unknown): boolean {
  return (error as S3Error).$metadata?.httpStatusCode === 501;
}

/** What a failed request to the store means to a client: `disk-full`, `unavailable`, or the error itself. */
export function toBucketError(error: unknown): unknown {
  const { name, message, code, $metadata } = error as S3Error;
  const status = $metadata?.httpStatusCode;
  // The errors of the SDK hold whole requests, which are not for the log.
  const cause = new Error(`${name}: ${message}${status === undefined ? '' : ` (HTTP ${status})`}`);
  if (FULL.test(name) || status === 507) {
    return new KonturError('disk-full', 'There is no room left in the store for this upload.', { cause });
  }
  const isAway = NETWORK_CODES.has(code ?? '') || code === CUT_OFF || NAMES.has(name);
  if (status === undefined && !isAway) return error;
  return new KonturError('unavailable', 'The store cannot be reached, or refuses.', { cause });
}

/** The same for whoever starts the server: which store, what it says, and what to do. */
export function toStartError(error: unknown, { bucket, endpoint, region }: S3Location): Error {
  const { name, message, code, $metadata } = error as S3Error;
  const store = `The bucket ${bucket} of KONTUR_BLOBS${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const fail = (what: string) => new Error(`${store} ${what}`);
  if (name === 'NoSuchBucket') return fail('does not exist. Create it, or correct the name.');
  if (name === 'CredentialsProviderError') {
    return fail('needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  if (message.includes('Region is missing')) return fail('needs its region: set AWS_REGION.');
  const status = $metadata?.httpStatusCode;
  if (status === 301 || name === 'AuthorizationHeaderMalformed') {
    return fail(`is not in the region ${region}: set AWS_REGION to the one that it is in.`);
  }
  if (status === 401 || status === 403) {
    return fail(
      `refuses the credentials (${name}). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; they must allow to list, get, put and delete objects.`,
    );
  }
  if (status === 404) return fail(`cannot be found (${name}). Check the name, and AWS_ENDPOINT_URL.`);
  return fail(`cannot be used (${code ?? name}: ${message}). Check AWS_ENDPOINT_URL, and that the store runs.`);
}
