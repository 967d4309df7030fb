import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { AnnotationIdSchema } from '#contract/annotations/annotation';
import { requireSomeFiles } from '../../../require-rights.ts';
import { UNKNOWN_ANNOTATIONS } from '../../annotations/annotation-answers.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'readAnnotationHistory',
  tags: ['Kontur'],
  summary: 'Read who changed an annotation, and when; of a deleted one too',
  params: projectParams({ annotationId: AnnotationIdSchema }),
  response: {
    200: answer('The changes, newest first.', Type.Ref('AnnotationHistory')),
    ...UNKNOWN_ANNOTATIONS,
    ...refusals(400, 401, 403, 501),
  },
};

/** Adds `GET …/kontur/annotations/{annotationId}/history`. */
export function addReadAnnotationHistory(
  app: FastifyInstance,
  { named }: Pick<AnnotationRouteDependencies, 'named'>,
): void {
  app.get<{ Params: { annotationId: number } }>(
    `${PROJECT_PATH}/kontur/annotations/:annotationId/history`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ params: { annotationId }, principal, headers: { authorization } }) => ({
      items: await named.readHistory({ principal, authorization }, annotationId),
    }),
  );
}
