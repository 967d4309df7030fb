import { KonturError } from '#contract/errors';
import { NETWORK_CODES } from '../runtime/network-codes.ts';

/**
 * SQLSTATE (PostgreSQL documentation, appendix A): 08 connection exceptions, 57P01 to 57P03 shutting down, crashed and
 * starting, 53300 too many connections, 25006 a standby that takes no writes, 25P03 a transaction that stood still for
 * too long.
 */
const AWAY = /^(08...|57P0[123]|53300|25006|25P03)$/;
const DISK_FULL = new Set(['53100', 'ENOSPC', 'EDQUOT']);
/** node-postgres has no codes for these. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered)/;
const RETRY_AFTER_SECONDS = 2;

/**
 * The connection broke while a transaction was being committed, so it is unknown whether it was. Clients get
 * `unconfirmed`.
 */
export class UncertainCommit extends KonturError {
  constructor(cause: unknown) {
    const retryAfterSeconds = RETRY_AFTER_SECONDS;
    super('unconfirmed', 'The connection to the database broke during a commit.', { cause, retryAfterSeconds });
    this.name = 'UncertainCommit';
  }
}

/**
 * Maps the error of a failed statement to the error for the client: `unavailable`, `disk-full`, or the error itself.
 */
export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KonturError) return error;
  const code = codeOf(error);
  if (DISK_FULL.has(code)) {
    return new KonturError('disk-full', 'There is no room left for the database.', { cause: error });
  }
  if (!isAway(error)) return error;
  return new KonturError('unavailable', 'The database cannot be reached.', {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** Whether an error means that the database could not be reached, or that the connection was lost. */
export function isAway(error: Error): boolean {
  return NETWORK_CODES.has(codeOf(error)) || AWAY.test(codeOf(error)) || LOST.test(error.message);
}

/** Code of an error. If a name has several addresses, Node wraps the failure of each. */
function codeOf(error: Error): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  return String((first as NodeJS.ErrnoException).code ?? '');
}
