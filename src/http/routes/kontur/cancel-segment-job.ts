import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { JobIdSchema } from '#contract/vision/segment-job';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { fileWriter } from '../files/permitted-files.ts';
import { findReadableJob } from '../find-readable-job.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'cancelSegmentJob',
  tags: ['Kontur'],
  summary: 'Cancel a segmentation job, or erase one that has ended',
  description:
    'A job that is Queued or Running ends Failed, and its work is stopped. One that has ended is deleted with its result. Needs READ on the file; for a job that someone else posted, WRITE too.',
  params: projectParams({ jobId: JobIdSchema }),
  response: {
    200: answer(
      'What became of it.',
      Type.Object({
        jobId: JobIdSchema,
        outcome: Type.Enum(['cancelled', 'erased'], { description: 'cancelled before its end, or erased after it.' }),
      }),
    ),
    ...refusals(400, 401, 403, 404),
  },
};

/** Adds `DELETE …/kontur/segment/{jobId}`. */
export function addCancelSegmentJob(
  app: FastifyInstance,
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
): void {
  app.delete<{ Params: { jobId: number } }>(`${PROJECT_PATH}/kontur/segment/:jobId`, { schema }, async (request) => {
    const {
      params: { jobId },
      principal,
    } = request;
    await findReadableJob({ images, jobs }, request, jobId);
    const canceller = { subject: principal.subject, authoriseWrite: fileWriter(principal).authoriseWrite };
    return { jobId, outcome: await jobs.cancel(principal.project, jobId, { canceller }) };
  });
}
