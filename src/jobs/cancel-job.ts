import type { Database } from '../database/open-database.ts';
import { failCancelled } from './fail-unfinished.ts';
import { jobNotFound } from './find-job.ts';

/**
 * Ends a job that has not ended as Failed, and takes one that has ended away.
 * @throws KonturError `job-not-found`, for a job of another project as for one that never was.
 */
export async function cancelJob(
  { database: { kysely }, now }: { database: Database; now: () => number },
  project: string,
  jobId: number,
): Promise<'cancelled' | 'erased'> {
  if (await failCancelled(kysely, { project, jobId, time: now() })) return 'cancelled';
  const { numDeletedRows } = await kysely
    .deleteFrom('jobs')
    .where('job_id', '=', jobId)
    .where('project', '=', project)
    .where('status', 'in', ['Completed', 'Failed'])
    .executeTakeFirstOrThrow();
  if (numDeletedRows === 0n) throw jobNotFound(jobId);
  return 'erased';
}
