import type { ErrorCode } from '#contract/errors';
import type { Segment } from '#contract/vision/segment-job';
import type { Database } from '../database/open-database.ts';
import { prepared } from '../database/prepared-statements.ts';
import type { Claim } from './claim-job.ts';
import { announceChange } from './job-changes.ts';

/** How a job ends: with its segments (none is a result too), or with the reason for its failure, written for the client. */
export type JobEnd = { segments: Segment[] } | { errorCode: ErrorCode; errorMessage: string };

/**
 * Ends a job as Completed or Failed. False, and nothing changes, where the claim is no longer the latest or the job has
 * ended: every job ends exactly once.
 */
export async function finishJob(
  { database, now }: { database: Database; now: () => number },
  { task: { jobId, file }, attempt }: Claim,
  end: JobEnd,
): Promise<boolean> {
  const ended = await database.kysely
    .updateTable('jobs')
    .set(
      'segments' in end
        ? { status: 'Completed', segments: JSON.stringify(end.segments) }
        : {
            status: 'Failed',
            error_code: end.errorCode,
            error_message: end.errorMessage,
            failed_items: JSON.stringify([{ errorMessage: end.errorMessage, items: [file] }]),
          },
    )
    // Holds a download link, which is good for nothing any more.
    .set({ status_time: now(), upstream_file: null })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('status', '=', 'Running')
    .returning(announceChange.as('announced'))
    .modifyEnd(prepared)
    .executeTakeFirst();
  return ended !== undefined;
}
