import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readableDataSets } from '../../../auth/authorise.ts';
import type { DataSetListQuery } from '../../../data-sets/list-data-sets.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'listDataSets',
  tags: ['Data sets'],
  summary: 'List the data sets that meet conditions, page by page',
  params: projectParams(),
  body: Type.Ref('DataSetListRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('DataSetPage')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/datasets/list`. */
export function addListDataSets(app: FastifyInstance, { dataSets }: Pick<AppDependencies, 'dataSets'>): void {
  app.post<{ Body: DataSetListQuery }>(
    `${PROJECT_PATH}/datasets/list`,
    { schema, onRequest: requireRights({ acl: 'datasetsAcl', action: 'READ' }) },
    async ({ body, principal }) =>
      dataSets.list(principal.project, body, { within: readableDataSets(principal, 'datasetsAcl') }),
  );
}
