import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Rows deleted in one statement. */
const BATCH = 1_000;

/** Deletes jobs after their retention time. */
export interface JobSweeper {
  /** Runs one sweep; returns the number of deleted jobs. */
  sweep(): Promise<number>;
  /** Sweeps now and at intervals. */
  start(): void;
  /** Stops sweeping, after the batch that is being deleted. */
  stop(): Promise<void>;
}

/** Deletes jobs that ended more than `retentionDays` ago. Several processes may do so on one database. */
export function createJobSweeper({
  database: { kysely },
  retentionDays,
  logger,
  now = Date.now,
  intervalMs = HOUR_MS,
}: {
  database: Pick<Database, 'kysely'>;
  retentionDays: number;
  logger: Pick<Logger, 'error' | 'info'>;
  now?: () => number;
  intervalMs?: number;
}): JobSweeper {
  async function sweepBatch(time: number): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from jobs where job_id in (
        select job_id from jobs where status in ('Completed', 'Failed') and status_time < ${time}::bigint
        order by status_time limit ${BATCH} for update skip locked)`.execute(kysely);
    return Number(numAffectedRows);
  }

  async function sweep(): Promise<number> {
    const time = now() - retentionDays * DAY_MS;
    let total = 0;
    for (let removed = BATCH; removed === BATCH && !regular.stopped; total += removed) removed = await sweepBatch(time);
    return total;
  }

  const regular = repeatRegularly(sweep, {
    intervalMs,
    onDone: (jobs) => jobs > 0 && logger.info({ jobs }, 'jobs that ended long ago were deleted'),
    onError: (error) => logger.error({ err: error }, 'jobs that ended long ago could not be deleted'),
  });

  return { sweep, start: regular.start, stop: regular.stop };
}
