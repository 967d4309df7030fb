import { KonturError } from '#contract/errors';
import type { S3Location } from '../config/blobs-location.ts';
import { NETWORK_CODES } from '../runtime/network-codes.ts';

interface S3Error extends Error {
  code?: string;
  /** Set if the store answered. */
  $metadata?: { httpStatusCode?: number };
}

/** Code of a download that broke off. */
const CUT_OFF = 'ERR_STREAM_PREMATURE_CLOSE';
const NAMES = new Set(['TimeoutError', 'CredentialsProviderError']);
/** Names of errors for a full store; AWS has none. */
const FULL = /^(XMinioStorageFull|QuotaExceeded(Exception)?|EntityStorageFull|InsufficientCapacity)$/;

/** Whether an error says that there is no object of that name. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return name === 'NoSuchKey' || (name === 'NotFound' && $metadata?.httpStatusCode === 404);
}

/** Whether an error says that the object's ETag is not the one that the request was for. */
export function isChanged(error: unknown): boolean {
  return (error as S3Error).$metadata?.httpStatusCode === 412;
}

/** Whether an error says that the store does not support conditions such as an ETag. */
export function isNotImplemented(error: unknown): boolean {
  return (error as S3Error).$metadata?.httpStatusCode === 501;
}

/**
 * Maps the error of a failed request to the store to the error for the client: `disk-full`, `unavailable`, or the error
 * itself.
 */
export function toBucketError(error: unknown): unknown {
  const { name, message, code, $metadata } = error as S3Error;
  const status = $metadata?.httpStatusCode;
  // The SDK's errors contain whole requests, which must not be logged.
  const cause = new Error(`${name}: ${message}${status === undefined ? '' : ` (HTTP ${status})`}`);
  if (FULL.test(name) || status === 507) {
    return new KonturError('disk-full', 'There is no room left in the store for this upload.', { cause });
  }
  const isAway = NETWORK_CODES.has(code ?? '') || code === CUT_OFF || NAMES.has(name);
  if (status === undefined && !isAway) return error;
  return new KonturError('unavailable', 'The store cannot be reached, or refuses.', { cause });
}

/**
 * Maps the error of a failed request to the store to an error for the operator who starts the server: which store, its
 * answer, and what to do.
 */
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
