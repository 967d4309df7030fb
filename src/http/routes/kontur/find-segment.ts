import type { FastifyRequest } from 'fastify';
import { KonturError } from '#contract/errors';
import type { Segment } from '#contract/vision/segment-job';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { JobRecord } from '../../../jobs/job-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';

/**
 * A segment of a job that the caller may read.
 *
 * @throws KonturError `job-not-found`, `forbidden` and `upstream-…` as reading the job does; `job-not-completed`,
 *   `segment-not-found`
 */
export async function findSegment(
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
  { principal, headers: { authorization } }: FastifyRequest,
  { jobId, index }: { jobId: number; index: number },
): Promise<{ job: JobRecord; segment: Segment }> {
  authoriseSomeFiles(principal, 'READ');
  const job = await jobs.find(principal.project, jobId);
  await images.checkReadable({ principal, authorization }, job.file);
  if (job.status !== 'Completed') {
    const reason =
      job.status === 'Failed' ? `failed: ${job.errorMessage}` : `is ${job.status}: poll until it has ended`;
    throw new KonturError('job-not-completed', `There is no segment to show, job ${jobId} ${reason}`);
  }
  const segment = job.segments[index];
  if (segment === undefined) {
    const count = job.segments.length;
    const found = count === 0 ? 'no segments' : `${count} segment${count === 1 ? '' : 's'}, counted from 0`;
    throw new KonturError('segment-not-found', `Job ${jobId} has no segment ${index}: it found ${found}.`);
  }
  return { job, segment };
}
