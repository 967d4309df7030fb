import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { toWireAnnotation } from '../../../annotations/annotation-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { ANNOTATIONS_TWICE, annotationItems, UNKNOWN_ANNOTATIONS } from './annotation-answers.ts';
import { findPermittedAnnotations } from './permitted-annotations.ts';

const schema = {
  operationId: 'annotationsByids',
  tags: ['Annotations'],
  summary: 'Read annotations by id, in the order asked for',
  params: projectParams(),
  body: Type.Ref('AnnotationReferences'),
  response: {
    200: annotationItems('The annotations.'),
    ...UNKNOWN_ANNOTATIONS,
    ...ANNOTATIONS_TWICE,
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/annotations/byids`. */
export function addFindAnnotations(
  app: FastifyInstance,
  dependencies: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.post<{ Body: { items: { id: number }[] } }>(
    `${PROJECT_PATH}/annotations/byids`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ body: { items }, principal }) => {
      const ids = items.map(({ id }) => id);
      const found = await findPermittedAnnotations(dependencies, principal, ids);
      return { items: found.map(toWireAnnotation) };
    },
  );
}
