import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { DataSetUpdate } from '#contract/data-sets/data-set';
import { authorise } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { BULK_BODY } from '../../body-limits.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { DATA_SETS_TWICE } from './data-set-answers.ts';

const schema = {
  operationId: 'updateDataSets',
  tags: ['Data sets'],
  summary: 'Change properties of data sets, all or none',
  params: projectParams(),
  body: Type.Ref('DataSetUpdateRequest'),
  response: {
    200: answer('The data sets as they are now, in the order of the request.', Type.Ref('DataSets')),
    ...refusals(400, 401, 403, 413, 415),
    ...DATA_SETS_TWICE,
  },
};

/** Adds `POST …/datasets/update`. */
export function addUpdateDataSets(app: FastifyInstance, { dataSets }: Pick<AppDependencies, 'dataSets'>): void {
  app.post<{ Body: { items: DataSetUpdate[] } }>(
    `${PROJECT_PATH}/datasets/update`,
    { schema, onRequest: requireRights({ acl: 'datasetsAcl', action: 'WRITE' }), ...BULK_BODY },
    async ({ body: { items }, principal }) => {
      const { found } = await dataSets.find(principal.project, items);
      for (const set of found) {
        authorise(principal, { acl: 'datasetsAcl', action: 'WRITE', dataSetId: set?.id ?? null });
      }
      return { items: await dataSets.update(principal.project, items) };
    },
  );
}
