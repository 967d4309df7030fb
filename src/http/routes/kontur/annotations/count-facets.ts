import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { MAX_ID } from '#contract/limits';
import { requireSomeFiles } from '../../../require-rights.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'countAnnotations',
  tags: ['Kontur'],
  summary: 'Count annotations by label, status and maker',
  description: 'Of annotations on photos that the caller may read.',
  params: projectParams(),
  querystring: Type.Object({
    dataSetId: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Photos of this data set.' })),
  }),
  response: { 200: answer('The counts.', Type.Ref('AnnotationFacets')), ...refusals(400, 401, 403, 501) },
};

/** Adds `GET …/kontur/annotations/facets`. */
export function addCountFacets(app: FastifyInstance, { named }: Pick<AnnotationRouteDependencies, 'named'>): void {
  app.get<{ Querystring: { dataSetId?: number } }>(
    `${PROJECT_PATH}/kontur/annotations/facets`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ query: { dataSetId }, principal, headers: { authorization } }) =>
      named.countFacets({ principal, authorization }, dataSetId),
  );
}
