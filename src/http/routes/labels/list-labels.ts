import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { LabelFilter } from '#contract/labels/label';
import { readableDataSets } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { resolveDataSets } from '../data-sets/known-data-sets.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'listLabels',
  tags: ['Labels'],
  summary: 'List the labels that meet conditions, page by page',
  params: projectParams(),
  body: Type.Ref('LabelListRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('LabelPage')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/labels/list`. */
export function addListLabels(
  app: FastifyInstance,
  { labels, dataSets }: Pick<AppDependencies, 'labels' | 'dataSets'>,
): void {
  app.post<{ Body: { filter?: LabelFilter; limit: number; cursor?: string } }>(
    `${PROJECT_PATH}/labels/list`,
    { schema, onRequest: requireRights({ acl: 'labelsAcl', action: 'READ' }) },
    async ({ body: { filter: { dataSetIds: named, ...filter } = {}, limit, cursor }, principal }) => {
      const visibility = { dataSetIds: readableDataSets(principal, 'labelsAcl') };
      const dataSetIds = named && (await resolveDataSets(dataSets, principal.project, named));
      const query = { filter: { ...filter, ...(dataSetIds && { dataSetIds }) }, limit, cursor };
      return labels.list(principal.project, query, visibility);
    },
  );
}
