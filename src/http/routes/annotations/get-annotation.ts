import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { AnnotationIdSchema } from '#contract/annotations/annotation';
import { defined } from '#contract/defined';
import { toWireAnnotation } from '../../../annotations/annotation-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { UNKNOWN_ANNOTATIONS } from './annotation-answers.ts';
import { findPermittedAnnotations } from './permitted-annotations.ts';

const schema = {
  operationId: 'annotationsGet',
  tags: ['Annotations'],
  summary: 'Read one annotation',
  params: projectParams({ annotationId: AnnotationIdSchema }),
  response: {
    200: answer('The annotation.', Type.Ref('Annotation')),
    ...UNKNOWN_ANNOTATIONS,
    ...refusals(400, 401, 403),
  },
};

/** Adds `GET …/annotations/{annotationId}`. */
export function addGetAnnotation(
  app: FastifyInstance,
  dependencies: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.get<{ Params: { annotationId: number } }>(
    `${PROJECT_PATH}/annotations/:annotationId`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ params: { annotationId }, principal }) => {
      const [found] = await findPermittedAnnotations(dependencies, principal, [annotationId]);
      return toWireAnnotation(defined(found, 'annotation that was found'));
    },
  );
}
