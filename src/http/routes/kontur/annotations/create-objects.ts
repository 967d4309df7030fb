import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { NewObject } from '#contract/annotations/named-annotation';
import { requireSomeFiles } from '../../../require-rights.ts';
import { ANNOTATION_BODY } from '../../annotations/annotation-body.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'createObjects',
  tags: ['Kontur'],
  summary: 'Save outlines with names as annotations, all or none',
  description:
    'Each becomes an annotation of the type images.ObjectDetection, whose polygon holds all parts and holes. The whole outline is kept with it.',
  params: projectParams(),
  body: Type.Ref('NewObjects'),
  response: {
    201: answer(
      'The annotations, in the order of the request.',
      Type.Object({ items: Type.Array(Type.Ref('NamedAnnotation'), { description: 'The annotations.' }) }),
    ),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/kontur/annotations`. */
export function addCreateObjects(app: FastifyInstance, { named }: Pick<AnnotationRouteDependencies, 'named'>): void {
  app.post<{ Body: { items: NewObject[] } }>(
    `${PROJECT_PATH}/kontur/annotations`,
    { schema, ...ANNOTATION_BODY, onRequest: requireSomeFiles('READ') },
    async ({ body: { items }, principal, headers: { authorization } }, reply) =>
      reply.code(201).send({ items: await named.create({ principal, authorization }, items) }),
  );
}
