import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import type { Claim } from './claim-job.ts';
import type { JobQueue } from './job-queue.ts';

const oneLessInterruption = sql<number>`greatest(interruptions - 1, 0)`;

/**
 * Gives back a job that was not finished through no fault of its own, without counting the attempt, even if another
 * worker has claimed it since. The job stays Running for its client: it is soon claimed again.
 */
export async function giveBack({ kysely }: Pick<Database, 'kysely'>, { task: { jobId } }: Claim): Promise<void> {
  await kysely
    .updateTable('jobs')
    .set({ interruptions: oneLessInterruption })
    .where('job_id', '=', jobId)
    .where('status', '=', 'Running')
    .execute();
}

/**
 * Counts an attempt that failed for a reason worth a retry, and sends the job again after a delay, in one transaction;
 * idempotent. If another worker has claimed the job since, only gives it back.
 */
export async function retryLater(
  { database, queue }: { database: Database; queue: JobQueue },
  claim: Claim,
  { delaySeconds, counted }: { delaySeconds: number; counted: 'failures' | 'outages' },
): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    const held = await countAttempt(transaction, claim, counted);
    if (held) await queue.send(transaction, claim.task.jobId, { turn: claim.turn, delaySeconds });
    else await giveBack({ kysely: transaction }, claim);
  });
}

async function countAttempt(
  kysely: Kysely<Schema>,
  { task, attempt, ...claim }: Claim,
  counted: 'failures' | 'outages',
): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable('jobs')
    .set({ interruptions: oneLessInterruption, [counted]: claim[counted] + 1 })
    .where('job_id', '=', task.jobId)
    .where('attempt', '=', attempt)
    // Idempotent if the answer to the first commit was lost.
    .where(counted, '=', claim[counted])
    .where('status', '=', 'Running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
