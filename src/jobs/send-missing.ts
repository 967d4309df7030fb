import type { Database } from '../database/open-database.ts';
import { type JobQueue, jobIdsOfMessages } from './job-queue.ts';

const BATCH = 1_000;

/**
 * The safety net under the queue: sends a message for each job that has not ended and has none, which should never be. It costs
 * what the jobs that have not ended cost, however many have.
 * @returns the ids of these jobs, the first of many
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
    // Not as a join: without statistics, as on PGlite, that is planned to look at every message for every job.
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
