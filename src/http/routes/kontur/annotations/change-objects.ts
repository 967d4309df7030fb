import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ObjectChange } from '#contract/annotations/named-annotation';
import { requireSomeFiles } from '../../../require-rights.ts';
import { UNKNOWN_ANNOTATIONS } from '../../annotations/annotation-answers.ts';
import { ANNOTATION_BODY } from '../../annotations/annotation-body.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'changeObjects',
  tags: ['Kontur'],
  summary: 'Change annotations with their outlines, all or none',
  description:
    'Whoever gives the lastUpdatedTime that was read is told if someone else has changed the annotation since: 409, with what it is now in current.',
  params: projectParams(),
  body: Type.Ref('ObjectChanges'),
  response: {
    200: answer(
      'The annotations as they are now, in the order of the request.',
      Type.Object({ items: Type.Array(Type.Ref('NamedAnnotation'), { description: 'The annotations.' }) }),
    ),
    ...UNKNOWN_ANNOTATIONS,
    409: answer(
      'Someone else has changed an annotation since it was read, or the request names one twice. Nothing was written.',
      Type.Ref('Error'),
    ),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `PATCH …/kontur/annotations`. */
export function addChangeObjects(app: FastifyInstance, { named }: Pick<AnnotationRouteDependencies, 'named'>): void {
  app.patch<{ Body: { items: ObjectChange[] } }>(
    `${PROJECT_PATH}/kontur/annotations`,
    { schema, ...ANNOTATION_BODY, onRequest: requireSomeFiles('READ') },
    async ({ body: { items }, principal, headers: { authorization } }) => ({
      items: await named.change({ principal, authorization }, items),
    }),
  );
}
