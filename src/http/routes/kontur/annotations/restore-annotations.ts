import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { requireSomeFiles } from '../../../require-rights.ts';
import { ANNOTATIONS_TWICE, UNKNOWN_ANNOTATIONS } from '../../annotations/annotation-answers.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'restoreAnnotations',
  tags: ['Kontur'],
  summary: 'Bring deleted annotations back, all or none',
  description: 'Deleted annotations are kept for 30 days, unless their photo is deleted.',
  params: projectParams(),
  body: Type.Ref('AnnotationReferences'),
  response: {
    200: answer(
      'The annotations as they were.',
      Type.Object({ items: Type.Array(Type.Ref('NamedAnnotation'), { description: 'The annotations.' }) }),
    ),
    ...UNKNOWN_ANNOTATIONS,
    ...ANNOTATIONS_TWICE,
    ...refusals(400, 401, 403, 413, 415, 501),
  },
};

/** Adds `POST …/kontur/annotations/restore`. */
export function addRestoreAnnotations(
  app: FastifyInstance,
  { named }: Pick<AnnotationRouteDependencies, 'named'>,
): void {
  app.post<{ Body: { items: { id: number }[] } }>(
    `${PROJECT_PATH}/kontur/annotations/restore`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ body: { items }, principal, headers: { authorization } }) => {
      const ids = items.map(({ id }) => id);
      return { items: await named.restore({ principal, authorization }, ids) };
    },
  );
}
