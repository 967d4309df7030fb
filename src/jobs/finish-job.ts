import type { ErrorCode } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import { prepared } from '../database/prepared-statements.ts';
import type { Claim } from './claim-job.ts';
import { announceChange } from './job-changes.ts';
import { type JobResult, toResultColumns } from './job-result.ts';

/**
 * How a job ends: with what it found (possibly no segments), or with the reason for its failure, written for the
 * client.
 */
export type JobEnd = { result: JobResult } | { errorCode: ErrorCode; errorMessage: string };

/**
 * Ends a job as Completed or Failed, exactly once.
 *
 * @returns false, with nothing changed, if the claim is no longer the latest or the job has ended
 */
export async function finishJob(
  { database, now }: { database: Database; now: () => number },
  { task: { jobId, file }, attempt }: Claim,
  end: JobEnd,
): Promise<boolean> {
  const ended = await database.kysely
    .updateTable('jobs')
    .set(
      'result' in end
        ? { status: 'Completed', ...toResultColumns(end.result) }
        : {
            status: 'Failed',
            error_code: end.errorCode,
            error_message: end.errorMessage,
            failed_items: JSON.stringify([{ errorMessage: end.errorMessage, items: [file] }]),
          },
    )
    // It holds a download link, which is no longer needed.
    .set({ status_time: now(), upstream_file: null })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('status', '=', 'Running')
    .returning(announceChange.as('announced'))
    .modifyEnd(prepared)
    .executeTakeFirst();
  return ended !== undefined;
}
