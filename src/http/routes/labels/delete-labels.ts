import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { authorise } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { findUnownedDataSets } from '../data-sets/unowned-data-sets.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { LABELS_TWICE } from './label-answers.ts';

const schema = {
  operationId: 'deleteLabels',
  tags: ['Labels'],
  summary: 'Delete labels, all or none; files that have them keep them',
  params: projectParams(),
  body: Type.Ref('LabelsDelete'),
  response: {
    200: answer('They are gone.', Type.Object({})),
    ...refusals(400, 401, 403, 413, 415),
    ...LABELS_TWICE,
  },
};

/** Adds `POST …/labels/delete`. */
export function addDeleteLabels(
  app: FastifyInstance,
  { labels, dataSets }: Pick<AppDependencies, 'labels' | 'dataSets'>,
): void {
  app.post<{ Body: { items: { externalId: string }[] } }>(
    `${PROJECT_PATH}/labels/delete`,
    { schema, onRequest: requireRights({ acl: 'labelsAcl', action: 'WRITE' }) },
    async ({ body: { items }, principal }) => {
      const unowned = await findUnownedDataSets(dataSets, principal);
      const externalIds = items.map(({ externalId }) => externalId);
      await labels.remove(principal.project, externalIds, (label) => {
        authorise(principal, { acl: 'labelsAcl', action: 'WRITE', dataSetId: label?.dataSetId ?? null });
        unowned.authorise(label?.dataSetId);
      });
      return {};
    },
  );
}
