import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { checkPrompt } from '#contract/vision/check-prompt';
import { type PreviewQuery, PreviewQuerySchema, type PreviewRequest } from '#contract/vision/outputs';
import { toPreviewedSegments } from '#outputs/to-previewed-segments';
import { toWireSegments } from '#outputs/to-wire-segments';
import type { AppDependencies } from '../../app-dependencies.ts';
import { maskedPromptBody } from '../../body-limits.ts';
import { goneSignal } from '../../gone-signal.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'previewSegments',
  tags: ['Kontur'],
  summary: 'Segment an image at once, without a job',
  description:
    'Answers what a job with this prompt would find; nothing is stored. Only a few previews are made at a time, so that jobs go on; what is wrong with an image is a 400 here.',
  params: projectParams(),
  querystring: PreviewQuerySchema,
  body: Type.Ref('PreviewRequest'),
  response: {
    200: answer('What the prompt marks, best segment first.', Type.Ref('Preview')),
    ...refusals(400, 401, 403, 413, 415),
    429: answer('Too many previews are being made. Retry after the given time.', Type.Ref('Error')),
  },
};

/** Adds `POST …/kontur/preview`. */
export function addPreviewSegments(
  app: FastifyInstance,
  { images, preview, maxPoints }: Pick<AppDependencies, 'images' | 'preview'> & { maxPoints: number },
): void {
  app.post<{ Body: PreviewRequest; Querystring: PreviewQuery }>(
    `${PROJECT_PATH}/kontur/preview`,
    { schema, onRequest: requireSomeFiles('READ'), ...maskedPromptBody(maxPoints) },
    async ({ body: { fileId, ...unchecked }, query: { rings }, principal, headers: { authorization } }, reply) => {
      const prompt = checkPrompt(unchecked, maxPoints);
      const image = await images.resolve({ principal, authorization }, { id: fileId });
      const found = await preview({ project: principal.project, prompt, ...image }, goneSignal(reply));
      const { imageWidth, imageHeight } = found;
      const segments = rings ? toPreviewedSegments(found) : toWireSegments(found);
      return { fileId, imageWidth, imageHeight, segments };
    },
  );
}
