import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';

const HOUR_MS = 3_600_000;
/** How long a deleted annotation can be restored (docs/contract.md#annotations-delete). */
export const DELETED_ANNOTATION_MS = 30 * 24 * HOUR_MS;
/** Rows deleted in one statement. */
const BATCH = 1_000;

/** Erases deleted annotations after their retention time. */
export interface AnnotationSweeper {
  /** Runs one sweep; returns the number of erased annotations. */
  sweep(): Promise<number>;
  /** Sweeps now and at intervals. */
  start(): void;
  /** Stops sweeping, after the batch that is being erased. */
  stop(): Promise<void>;
}

/** Erases annotations that were deleted 30 days ago, with their history. Several processes may share a database. */
export function createAnnotationSweeper({
  database: { kysely },
  logger,
  now = Date.now,
  intervalMs = HOUR_MS,
}: {
  database: Pick<Database, 'kysely'>;
  logger: Pick<Logger, 'error' | 'info'>;
  now?: () => number;
  intervalMs?: number;
}): AnnotationSweeper {
  async function sweepBatch(time: number): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from annotations where id in (
        select id from annotations where deleted_time < ${time}::bigint
        order by deleted_time limit ${BATCH}::bigint for update skip locked)`.execute(kysely);
    return Number(numAffectedRows);
  }

  async function sweep(): Promise<number> {
    const time = now() - DELETED_ANNOTATION_MS;
    let total = 0;
    for (let erased = BATCH; erased === BATCH && !regular.stopped; total += erased) erased = await sweepBatch(time);
    return total;
  }

  const regular = repeatRegularly(sweep, {
    intervalMs,
    onDone: (annotations) => annotations > 0 && logger.info({ annotations }, 'deleted annotations were erased'),
    onError: (error) => logger.error({ err: error }, 'deleted annotations could not be erased'),
  });

  return { sweep, start: regular.start, stop: regular.stop };
}
