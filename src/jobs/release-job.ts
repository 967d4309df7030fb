import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import type { Claim } from './claim-job.ts';
import type { JobQueue } from './job-queue.ts';

const oneLessInterruption = sql<number>`greatest(interruptions - 1, 0)`;

/**
 * Gives a job back that was not finished through no fault of its own, so that the attempt does not count, whoever has taken the job
 * up since. The job stays Running for its client: someone takes it up again soon.
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
 * Counts an attempt that failed for a reason that may pass, and sends the job again after a while; both or neither, and once.
 * Gives the job back where it has been taken up again since.
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
    // The same again, where the answer to the first commit was lost.
    .where(counted, '=', claim[counted])
    .where('status', '=', 'Running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
