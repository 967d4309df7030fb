import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { JobIdSchema } from '#contract/vision/segment-job';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { findReadableJob } from '../find-readable-job.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { toSegmentJob } from './wire-job.ts';

const schema = {
  operationId: 'getVisionSegment',
  tags: ['Vision'],
  summary: 'Read the state and the result of a segmentation job',
  description: 'Poll until status is Completed or Failed. Needs no cdf-version.',
  params: projectParams({ jobId: JobIdSchema }),
  response: { 200: answer('The job as it is now.', Type.Ref('SegmentJob')), ...refusals(400, 401, 403, 404) },
};

/** Adds `GET …/context/vision/segment/{jobId}`. */
export function addGetSegmentJob(
  app: FastifyInstance,
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
): void {
  app.get<{ Params: { jobId: number } }>(`${PROJECT_PATH}/context/vision/segment/:jobId`, { schema }, async (request) =>
    toSegmentJob(await findReadableJob({ images, jobs }, request, request.params.jobId)),
  );
}
