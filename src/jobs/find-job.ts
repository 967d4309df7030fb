import { KonturError } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import { prepared } from '../database/prepared-statements.ts';
import { type JobRecord, LISTED_COLUMNS, toJobRecord } from './job-record.ts';
import { RESULT_COLUMNS } from './job-result.ts';

/**
 * Finds a job of the project.
 *
 * @throws KonturError `job-not-found`, also for a job of another project
 */
export async function findJob(
  { database }: { database: Database },
  project: string,
  jobId: number,
): Promise<JobRecord> {
  const row = await database.kysely
    .selectFrom('jobs')
    .select(LISTED_COLUMNS)
    .select(RESULT_COLUMNS)
    .where('job_id', '=', jobId)
    .modifyEnd(prepared)
    .executeTakeFirst();
  if (row === undefined || row.project !== project) {
    throw jobNotFound(jobId);
  }
  return toJobRecord(row);
}

/** Creates the error for a job that does not exist in the project. */
export const jobNotFound = (jobId: number) =>
  new KonturError('job-not-found', `There is no job ${jobId} in this project.`);
