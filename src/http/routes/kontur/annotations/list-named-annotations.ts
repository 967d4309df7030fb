import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type NamedAnnotationQuery, NamedAnnotationQuerySchema } from '#contract/annotations/named-annotation';
import { requireSomeFiles } from '../../../require-rights.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'listNamedAnnotations',
  tags: ['Kontur'],
  summary: 'List annotations with their outlines, latest change first, page by page',
  description:
    'Annotations on photos that the caller may read. A page may be shorter than the limit and still have a nextCursor. In gateway mode they come photo by photo.',
  params: projectParams(),
  querystring: NamedAnnotationQuerySchema,
  response: {
    200: answer(
      'A page; nextCursor asks for the next one.',
      Type.Object({
        items: Type.Array(Type.Ref('NamedAnnotation'), { description: 'The annotations of this page.' }),
        nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
      }),
    ),
    ...refusals(400, 401, 403),
  },
};

/** Adds `GET …/kontur/annotations`. */
export function addListNamedAnnotations(
  app: FastifyInstance,
  { named }: Pick<AnnotationRouteDependencies, 'named'>,
): void {
  app.get<{ Querystring: NamedAnnotationQuery }>(
    `${PROJECT_PATH}/kontur/annotations`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ query, principal, headers: { authorization } }) => named.list({ principal, authorization }, query),
  );
}
