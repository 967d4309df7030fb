import type { FastifyRequest } from 'fastify';
import { authoriseFile, authoriseSomeFiles } from '../../auth/authorise.ts';
import type { JobRecord } from '../../jobs/job-record.ts';
import type { AppDependencies } from '../app-dependencies.ts';

/**
 * Finds a job that the caller may read. A missing job is answered like one whose file was deleted: a caller that may
 * only read some files does not learn whether the job exists.
 *
 * @throws KonturError `job-not-found`, `forbidden`, `upstream-…`
 */
export async function findReadableJob(
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
  { principal, headers: { authorization } }: FastifyRequest,
  jobId: number,
): Promise<JobRecord> {
  authoriseSomeFiles(principal, 'READ');
  const job = await jobs.find(principal.project, jobId).catch((error: unknown) => {
    authoriseFile(principal, 'READ', undefined);
    throw error;
  });
  await images.checkReadable({ principal, authorization }, job.file);
  return job;
}
