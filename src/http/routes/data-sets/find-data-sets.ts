import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { DataSetReference } from '#contract/data-sets/data-set-reference';
import { authorise, readableDataSets } from '../../../auth/authorise.ts';
import { dataSetsNotFound, refuseRepeatedReferences } from '../../../data-sets/name-data-sets.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { DATA_SETS_TWICE } from './data-set-answers.ts';

const schema = {
  operationId: 'getDataSets',
  tags: ['Data sets'],
  summary: 'Read data sets by their ids, in the order asked for',
  params: projectParams(),
  body: Type.Ref('DataSetReferences'),
  response: {
    200: answer('The data sets.', Type.Ref('DataSets')),
    ...refusals(400, 401, 403, 413, 415),
    ...DATA_SETS_TWICE,
  },
};

/** Adds `POST …/datasets/byids`. Data sets that the caller may not read are refused like unknown ones of its scope. */
export function addFindDataSets(app: FastifyInstance, { dataSets }: Pick<AppDependencies, 'dataSets'>): void {
  app.post<{ Body: { items: DataSetReference[]; ignoreUnknownIds?: boolean } }>(
    `${PROJECT_PATH}/datasets/byids`,
    { schema, onRequest: requireRights({ acl: 'datasetsAcl', action: 'READ' }) },
    async ({ body: { items, ignoreUnknownIds }, principal }) => {
      refuseRepeatedReferences(items);
      const within = readableDataSets(principal, 'datasetsAcl');
      const { found, missing } = await dataSets.find(principal.project, items, { within });
      if (missing.length > 0 && ignoreUnknownIds !== true) {
        authorise(principal, { acl: 'datasetsAcl', action: 'READ', dataSetId: null });
        throw dataSetsNotFound(missing);
      }
      return { items: found.filter((set) => set !== undefined) };
    },
  );
}
