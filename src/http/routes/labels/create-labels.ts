import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { LabelCreate } from '#contract/labels/label';
import { authorise } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { checkDataSets } from '../data-sets/known-data-sets.ts';
import { findUnownedDataSets } from '../data-sets/unowned-data-sets.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { LABELS_TWICE } from './label-answers.ts';

const schema = {
  operationId: 'createLabelDefinitions',
  tags: ['Labels'],
  summary: 'Define labels, all or none',
  params: projectParams(),
  body: Type.Ref('LabelsCreate'),
  response: {
    201: answer('The labels, in the order of the request.', Type.Ref('Labels')),
    ...refusals(400, 401, 403, 413, 415),
    ...LABELS_TWICE,
  },
};

/** Adds `POST …/labels`. */
export function addCreateLabels(
  app: FastifyInstance,
  { labels, dataSets }: Pick<AppDependencies, 'labels' | 'dataSets'>,
): void {
  app.post<{ Body: { items: LabelCreate[] } }>(
    `${PROJECT_PATH}/labels`,
    { schema, onRequest: requireRights({ acl: 'labelsAcl', action: 'WRITE' }) },
    async ({ body: { items }, principal }, reply) => {
      const { project } = principal;
      const unowned = await findUnownedDataSets(dataSets, principal);
      for (const { dataSetId = null } of items) {
        authorise(principal, { acl: 'labelsAcl', action: 'WRITE', dataSetId });
        unowned.authorise(dataSetId);
      }
      await checkDataSets(
        dataSets,
        project,
        items.flatMap(({ dataSetId }) => dataSetId ?? []),
      );
      return reply.code(201).send({ items: await labels.create(project, items) });
    },
  );
}
