import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import type { Claim } from './claim-job.ts';
import type { JobQueue } from './job-queue.ts';

/**
 * Gives a job back that was not finished through no fault of its own, so that the attempt does not count. The job stays
 * Running for its client: someone takes it up again soon.
 */
export async function giveBack({ database }: { database: Database }, claim: Claim): Promise<void> {
  await release(database.kysely, claim, 0);
}

/** Counts a failure that may pass, and sends the job again after a while; both or neither. */
export async function retryLater(
  { database, queue }: { database: Database; queue: JobQueue },
  claim: Claim,
  delaySeconds: number,
): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    const held = await release(transaction, claim, 1);
    if (held) await queue.send(transaction, claim.task.jobId, { turn: claim.turn, delaySeconds });
  });
}

async function release(kysely: Kysely<Schema>, { task, attempt }: Claim, failures: 0 | 1): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable('jobs')
    .set({ interruptions: sql`interruptions - 1`, failures: sql`failures + ${failures}::integer` })
    .where('job_id', '=', task.jobId)
    .where('attempt', '=', attempt)
    .where('status', '=', 'Running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
