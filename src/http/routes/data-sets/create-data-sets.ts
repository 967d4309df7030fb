import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { DataSetCreate } from '#contract/data-sets/data-set';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { DATA_SETS_TWICE } from './data-set-answers.ts';

const schema = {
  operationId: 'createDataSets',
  tags: ['Data sets'],
  summary: 'Create data sets, all or none',
  params: projectParams(),
  body: Type.Ref('DataSetsCreate'),
  response: {
    200: answer('The data sets, in the order of the request.', Type.Ref('DataSets')),
    ...refusals(400, 401, 403, 413, 415),
    ...DATA_SETS_TWICE,
  },
};

/** Adds `POST …/datasets`. It takes a capability for all data sets, since no other covers one that is not there yet. */
export function addCreateDataSets(app: FastifyInstance, { dataSets }: Pick<AppDependencies, 'dataSets'>): void {
  app.post<{ Body: { items: DataSetCreate[] } }>(
    `${PROJECT_PATH}/datasets`,
    { schema, onRequest: requireRights({ acl: 'datasetsAcl', action: 'WRITE', dataSetId: null }) },
    async ({ body, principal }) => ({ items: await dataSets.create(principal.project, body.items) }),
  );
}
