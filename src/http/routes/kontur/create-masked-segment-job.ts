import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { checkPrompt } from '#contract/vision/check-prompt';
import type { SegmentRequest } from '#contract/vision/segment-job';
import type { AppDependencies } from '../../app-dependencies.ts';
import { maskedPromptBody } from '../../body-limits.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { toCreatedSegmentJob } from '../vision/wire-job.ts';

const schema = {
  operationId: 'createSegmentJob',
  tags: ['Kontur'],
  summary: 'Start a segmentation job that may start from a mask',
  description:
    'As postVisionSegment, without its header and with `mask`. The job is read, listed and cancelled like any other; answers do not repeat the mask, and the box of a mask that came alone is the box around it.',
  params: projectParams(),
  body: Type.Ref('MaskedSegmentRequest'),
  response: {
    200: answer('The job is queued.', Type.Ref('SegmentJobCreated')),
    ...refusals(400, 401, 403, 413, 415, 429),
  },
};

/** Adds `POST …/kontur/segment`. */
export function addCreateMaskedSegmentJob(app: FastifyInstance, { images, jobs, settings }: AppDependencies): void {
  const { maxPoints } = settings;
  app.post<{ Body: SegmentRequest }>(
    `${PROJECT_PATH}/kontur/segment`,
    { schema, onRequest: requireSomeFiles('READ'), ...maskedPromptBody(maxPoints) },
    async ({ body: { items, ...unchecked }, principal, headers: { authorization } }) => {
      const prompt = checkPrompt(unchecked, maxPoints);
      const { project, subject } = principal;
      const [{ fileId: id, fileExternalId: externalId, fileInstanceId: instanceId }] = items;
      const image = await images.resolve({ principal, authorization }, { id, externalId, instanceId });
      return toCreatedSegmentJob(await jobs.submit({ project, subject, prompt, ...image }));
    },
  );
}
