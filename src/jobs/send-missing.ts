import type { Database } from '../database/open-database.ts';
import { type JobQueue, jobIdsOfMessages } from './job-queue.ts';

const BATCH = 1_000;

/**
 * Reconciles the queue with the rows: sends a message for each unfinished job that has none, which should never happen.
 * Its cost grows with the unfinished jobs only.
 *
 * @returns the ids of these jobs, up to a limit
 */
export async function sendMissing({
  database: { kysely },
  queue,
}: {
  database: Database;
  queue: JobQueue;
}): Promise<number[]> {
  const missing = await kysely
    .selectFrom('jobs')
    .select('job_id')
    .where('status', 'in', ['Queued', 'Running'])
    // Not as a join: without statistics, as on PGlite, its plan scans every message for every job.
    .except(jobIdsOfMessages(kysely))
    .limit(BATCH)
    .execute();
  const jobIds = missing.map(({ job_id: jobId }) => jobId);
  if (jobIds.length > 0) await send(jobIds);
  return jobIds;

  function send(ids: number[]) {
    return kysely.transaction().execute(async (transaction) => {
      const jobs = await transaction.selectFrom('jobs').select(['job_id', 'turn']).where('job_id', 'in', ids).execute();
      for (const { job_id: jobId, turn } of jobs) await queue.send(transaction, jobId, { turn });
    });
  }
}
