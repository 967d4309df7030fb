import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { DataSetFilter } from '#contract/data-sets/data-set';
import { readableDataSets } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const Counts = Type.Object({
  items: Type.Array(Type.Object({ count: Type.Integer({ minimum: 0, description: 'Number of data sets.' }) }), {
    description: 'One item.',
  }),
});
const schema = {
  operationId: 'aggregateDataSets',
  tags: ['Data sets'],
  summary: 'Count the data sets that meet conditions',
  params: projectParams(),
  body: Type.Ref('DataSetAggregateRequest'),
  response: { 200: answer('How many there are.', Counts), ...refusals(400, 401, 403, 413, 415) },
};

/** Adds `POST …/datasets/aggregate`. */
export function addAggregateDataSets(app: FastifyInstance, { dataSets }: Pick<AppDependencies, 'dataSets'>): void {
  app.post<{ Body: { filter?: DataSetFilter } }>(
    `${PROJECT_PATH}/datasets/aggregate`,
    { schema, onRequest: requireRights({ acl: 'datasetsAcl', action: 'READ' }) },
    async ({ body: { filter = {} }, principal }) => {
      const within = readableDataSets(principal, 'datasetsAcl');
      return { items: [{ count: await dataSets.count(principal.project, filter, { within }) }] };
    },
  );
}
