import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';

const INTERVAL_MS = 60_000;
/** Allowance for differences between the clocks of servers. */
const GRACE_MS = 60_000;
/** Rows deleted in one statement. */
const BATCH = 1_000;
/**
 * Limit of unfinished sign-ins; beyond it the oldest are deleted. Anyone who can reach the login page can begin one.
 */
const MAX_INTERACTIONS = 10_000;

/** Deletes expired records of the embedded issuer. */
export interface IssuerRecordSweeper {
  /** Runs one sweep; returns the number of deleted rows. */
  sweep(): Promise<number>;
  /** Sweeps now and at intervals. */
  start(): void;
  /** Stops sweeping, after the batch that is being deleted. */
  stop(): Promise<void>;
}

/**
 * Deletes expired sessions, codes and other records, and excess unfinished sign-ins. Several processes may do so on one
 * database.
 */
export function createIssuerRecordSweeper({
  database: { kysely },
  logger,
  now = Date.now,
}: {
  database: Pick<Database, 'kysely'>;
  logger: Pick<Logger, 'error'>;
  now?: () => number;
}): IssuerRecordSweeper {
  async function sweepExcess(): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from issuer_records where kind = 'Interaction' and id_hash in (
        select id_hash from issuer_records where kind = 'Interaction'
        order by expires_time desc offset ${MAX_INTERACTIONS})`.execute(kysely);
    return Number(numAffectedRows);
  }

  async function sweepBatch(time: number): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from issuer_records where (kind, id_hash) in (
        select kind, id_hash from issuer_records where expires_time < ${time}::bigint
        order by expires_time limit ${BATCH} for update skip locked)`.execute(kysely);
    return Number(numAffectedRows);
  }

  async function sweep(): Promise<number> {
    const time = now() - GRACE_MS;
    let total = await sweepExcess();
    for (let removed = BATCH; removed === BATCH && !regular.stopped; total += removed) removed = await sweepBatch(time);
    return total;
  }

  const regular = repeatRegularly(sweep, {
    intervalMs: INTERVAL_MS,
    onDone: () => {},
    onError: (error) => logger.error({ err: error }, 'sign-ins that have expired could not be deleted'),
  });

  return { sweep, start: regular.start, stop: regular.stop };
}
