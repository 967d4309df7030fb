import type { FastifyRequest } from 'fastify';
import { authoriseFile, authoriseSomeFiles } from '../../auth/authorise.ts';
import type { JobRecord } from '../../jobs/job-record.ts';
import type { AppDependencies } from '../app-dependencies.ts';

/**
 * A job that the caller may read. A job that there is not is answered like one whose file is gone: who may read some files
 * alone does not come to know whether there is such a job.
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
