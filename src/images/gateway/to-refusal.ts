import { type ErrorCode, type ErrorDetails, KonturError } from '#contract/errors';

/** An answer of the upstream that is not a success. */
export interface UpstreamAnswer {
  status: number;
  /** Parsed JSON, or undefined if it is not JSON. */
  body: unknown;
  /** Value of the header `retry-after`. */
  retryAfter?: string | null;
}

/** Statuses that reach the caller unchanged: the request or the token is at fault. */
const CODES: Record<number, ErrorCode> = {
  400: 'invalid-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'files-duplicated',
  422: 'invalid-request',
  429: 'upstream-throttled',
};

/** Statuses of refusals that list what is missing. */
const WITH_MISSING: Record<number, ErrorCode> = { 400: 'files-not-found', 404: 'annotations-not-found' };

/**
 * Creates the error that passes on an upstream's refusal, with its text and its lists
 * (docs/contract.md#errors-envelope).
 */
export function toRefusal({ status, body, retryAfter }: UpstreamAnswer): KonturError {
  if (status >= 500) return new KonturError('upstream-unavailable', `The upstream answered ${status}.`);
  const { message, missing, duplicated } = envelopeOf(body);
  const code = status in WITH_MISSING && missing !== undefined ? WITH_MISSING[status] : CODES[status];
  if (code === undefined) return new KonturError('upstream-incompatible', `The upstream answered ${status}.`);
  const seconds = Number(retryAfter || undefined);
  return new KonturError(code, message ?? `The upstream answered ${status}.`, {
    ...(missing && { missing }),
    ...(duplicated && { duplicated }),
    ...(Number.isInteger(seconds) && { retryAfterSeconds: seconds }),
  });
}

function envelopeOf(body: unknown): Pick<ErrorDetails, 'missing' | 'duplicated'> & { message?: string } {
  const error = (body as { error?: unknown } | undefined)?.error;
  if (typeof error === 'string') return { message: error };
  const { message, missing, duplicated } = (error ?? {}) as Record<string, unknown>;
  const list = (value: unknown) => (Array.isArray(value) ? (value as Record<string, unknown>[]) : undefined);
  return {
    message: typeof message === 'string' ? message : undefined,
    missing: list(missing),
    duplicated: list(duplicated),
  };
}
