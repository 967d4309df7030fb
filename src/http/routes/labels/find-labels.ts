import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { authorise, readableDataSets } from '../../../auth/authorise.ts';
import { labelsNotFound } from '../../../labels/name-labels.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'byIdsLabels',
  tags: ['Labels'],
  summary: 'Read labels by their externalIds, in the order asked for',
  params: projectParams(),
  body: Type.Ref('LabelReferences'),
  response: { 200: answer('The labels.', Type.Ref('Labels')), ...refusals(400, 401, 403, 413, 415) },
};

/** Adds `POST …/labels/byids`. Labels that the caller may not read are refused like unknown ones of its scope. */
export function addFindLabels(app: FastifyInstance, { labels }: Pick<AppDependencies, 'labels'>): void {
  app.post<{ Body: { items: { externalId: string }[]; ignoreUnknownIds?: boolean } }>(
    `${PROJECT_PATH}/labels/byids`,
    { schema, onRequest: requireRights({ acl: 'labelsAcl', action: 'READ' }) },
    async ({ body: { items, ignoreUnknownIds }, principal }) => {
      const { found, missing } = await labels.find(
        principal.project,
        items.map(({ externalId }) => externalId),
        { dataSetIds: readableDataSets(principal, 'labelsAcl') },
      );
      if (missing.length > 0 && ignoreUnknownIds !== true) {
        authorise(principal, { acl: 'labelsAcl', action: 'READ', dataSetId: null });
        throw labelsNotFound(missing);
      }
      return { items: found };
    },
  );
}
