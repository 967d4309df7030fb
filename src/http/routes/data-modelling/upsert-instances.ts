import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { NodeWrite } from '#contract/data-modelling/instances';
import type { WriteMode } from '../../../nodes/upsert-nodes.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { BULK_BODY } from '../../body-limits.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseNodes, requireNodes } from './authorise-nodes.ts';

const schema = {
  operationId: 'applyNodeAndEdges',
  tags: ['Data modelling'],
  summary: 'Create files by instance id, or change them; all or none',
  description:
    'Each node is written through the view cdf_cdm/CogniteFile/v1 and is a file at once; post its instanceId to ' +
    'files/uploadlink for a link to upload the content to. Edges, relations, containers and other views are refused.',
  params: projectParams(),
  body: Type.Ref('NodesUpsert'),
  response: {
    200: answer('What became of each node, in the order given.', Type.Ref('NodesUpserted')),
    ...refusals(400, 401, 403, 413, 415),
    409: answer('A node has a later version than its existingVersion.', Type.Ref('Error')),
  },
};

/** Adds `POST …/models/instances`. */
export function addUpsertInstances(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: { items: NodeWrite[] } & WriteMode }>(
    `${PROJECT_PATH}/models/instances`,
    {
      schema,
      onRequest: requireNodes('WRITE'),
      bodyLimit: BULK_BODY.bodyLimit,
      config: { ...BULK_BODY.config, nullsIn: 'properties' },
    },
    async ({ body: { items, ...mode }, principal }) => {
      authoriseNodes(principal, 'WRITE', items);
      return { items: await instances.upsertNodes(principal.project, items, mode), deleted: [] };
    },
  );
}
