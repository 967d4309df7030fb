import { type ErrorCode, KonturError, originOf } from '#contract/errors';
import type { Claim } from './claim-job.ts';

/**
 * What follows a failed attempt: a retry after a delay, counted as a failure or an outage; or the end of the job, with
 * the reason.
 */
export type Decision =
  | { delaySeconds: number; counted: 'failures' | 'outages' }
  | { errorCode: ErrorCode; errorMessage: string };

/** Pauses between attempts at a job, in seconds. */
export interface RetryPauses {
  /**
   * Before the second attempt, the third and so on at a job that failed for a reason worth a retry; then it is given
   * up.
   */
  failures: readonly number[];
  /** While something that every job needs is unavailable, which is not the job's fault; the last pause repeats. */
  outages: readonly [number, ...number[]];
}

/** Pauses of a production server. */
export const RETRY_PAUSES: RetryPauses = { failures: [1, 5], outages: [1, 5, 15, 30, 60] };
/** Half an hour with the pauses of a production server. */
const MOST_OUTAGES = 33;

/** Whether a retry would end the same way: the request or the image is at fault, or the job takes too long. */
export function isFinal(error: unknown): error is KonturError {
  const origin = originOf(error);
  return origin === 'request' || origin === 'image';
}

/**
 * Decides whether a job is retried after an attempt that threw `error`, which is not final (`isFinal`). Failures and
 * outages have separate limits.
 */
export function decideRetry(
  error: unknown,
  { failures, outages }: Pick<Claim, 'failures' | 'outages'>,
  pauses = RETRY_PAUSES,
): Decision {
  if (error instanceof KonturError && error.origin === 'outage') return decideAfterOutage(error, outages, pauses);
  const delaySeconds = pauses.failures[failures];
  if (delaySeconds !== undefined) return { delaySeconds, counted: 'failures' };
  return {
    errorCode: 'internal',
    errorMessage: `The job failed ${failures + 1} times through a fault of the server, whose log has the reason. Post it again later.`,
  };
}

function decideAfterOutage({ code, message }: KonturError, outages: number, pauses: RetryPauses): Decision {
  if (outages < MOST_OUTAGES) {
    const delaySeconds = pauses.outages[Math.min(outages, pauses.outages.length - 1)] ?? pauses.outages[0];
    return { delaySeconds, counted: 'outages' };
  }
  return {
    errorCode: code,
    errorMessage: `The job was given up after ${outages + 1} attempts, all of which ended so: ${message}`,
  };
}
