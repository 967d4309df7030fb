import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { JobIdSchema } from '#contract/vision/segment-job';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { fileWriter } from '../files/permitted-files.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'cancelSegmentJob',
  tags: ['Kontur'],
  summary: 'Cancel a segmentation job, or erase one that has ended',
  description:
    'A job that is Queued or Running ends Failed, and its work is stopped. One that has ended is taken away with its result. Needs READ on the file; for a job that someone else posted, WRITE too.',
  params: projectParams({ jobId: JobIdSchema }),
  response: {
    200: answer('What became of it.', Type.Object({ jobId: JobIdSchema, outcome: Type.Enum(['cancelled', 'erased']) })),
    ...refusals(400, 401, 403, 404),
  },
};

/** Adds `DELETE …/kontur/segment/{jobId}`. */
export function addCancelSegmentJob(
  app: FastifyInstance,
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
): void {
  app.delete<{ Params: { jobId: number } }>(
    `${PROJECT_PATH}/kontur/segment/:jobId`,
    { schema },
    async ({ params: { jobId }, principal, headers: { authorization } }) => {
      authoriseSomeFiles(principal, 'READ');
      const { file } = await jobs.find(principal.project, jobId);
      await images.checkReadable({ principal, authorization }, file);
      const canceller = { subject: principal.subject, authoriseWrite: fileWriter(principal).authoriseWrite };
      return { jobId, outcome: await jobs.cancel(principal.project, jobId, { canceller }) };
    },
  );
}
