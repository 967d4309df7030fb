import type { FastifyRequest } from 'fastify';
import { KonturError } from '#contract/errors';
import type { Segment } from '#contract/vision/segment-job';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { JobRecord } from '../../../jobs/job-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';

/** A job that has been completed, and of its segments those that are asked for, each with its place among all. */
export interface FoundSegments {
  job: JobRecord;
  segments: (Segment & { index: number })[];
}

/**
 * Segments of a job that the caller may read: the one with that index, or all.
 *
 * @throws KonturError `job-not-found`, `forbidden` and `upstream-…` as reading the job does; `job-not-completed`,
 *   `segment-not-found`
 */
export async function findSegments(
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
  { principal, headers: { authorization } }: FastifyRequest,
  { jobId, index }: { jobId: number; index: number | undefined },
): Promise<FoundSegments> {
  authoriseSomeFiles(principal, 'READ');
  const job = await jobs.find(principal.project, jobId);
  await images.checkReadable({ principal, authorization }, job.file);
  if (job.status !== 'Completed') {
    const reason =
      job.status === 'Failed' ? `failed: ${job.errorMessage}` : `is ${job.status}: poll until it has ended`;
    throw new KonturError('job-not-completed', `There is no segment to show, job ${jobId} ${reason}`);
  }
  const all = job.segments.map((segment, place) => ({ ...segment, index: place }));
  if (index === undefined) return { job, segments: all };
  const segment = all[index];
  if (segment === undefined) {
    const found =
      all.length === 0 ? 'no segments' : `${all.length} segment${all.length === 1 ? '' : 's'}, counted from 0`;
    throw new KonturError('segment-not-found', `Job ${jobId} has no segment ${index}: it found ${found}.`);
  }
  return { job, segments: [segment] };
}
