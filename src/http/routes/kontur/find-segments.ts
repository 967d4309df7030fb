import type { FastifyRequest } from 'fastify';
import { KonturError } from '#contract/errors';
import type { JobRecord } from '../../../jobs/job-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { findReadableJob } from '../find-readable-job.ts';

/** A completed job, and the indices of those of its segments that were asked for. */
export interface FoundSegments {
  job: JobRecord;
  result: NonNullable<JobRecord['result']>;
  indices: number[];
}

/**
 * Finds segments of a job that the caller may read: the one at `index`, or all if it is undefined.
 *
 * @throws KonturError `job-not-found`, `forbidden` and `upstream-…` as reading the job does; `job-not-completed`,
 *   `segment-not-found`
 */
export async function findSegments(
  dependencies: Pick<AppDependencies, 'images' | 'jobs'>,
  request: FastifyRequest,
  { jobId, index }: { jobId: number; index: number | undefined },
): Promise<FoundSegments> {
  const job = await findReadableJob(dependencies, request, jobId);
  const { result } = job;
  if (result === null) {
    const reason =
      job.status === 'Failed' ? `failed: ${job.errorMessage}` : `is ${job.status}: poll until it has ended`;
    throw new KonturError('job-not-completed', `There is no segment to show, job ${jobId} ${reason}`);
  }
  const { length: count } = 'polygons' in result ? result.polygons : result.segments;
  if (index === undefined) return { job, result, indices: Array.from({ length: count }, (_, place) => place) };
  if (index >= count) {
    const found = count === 0 ? 'no segments' : `${count} segment${count === 1 ? '' : 's'}, counted from 0`;
    throw new KonturError('segment-not-found', `Job ${jobId} has no segment ${index}: it found ${found}.`);
  }
  return { job, result, indices: [index] };
}
