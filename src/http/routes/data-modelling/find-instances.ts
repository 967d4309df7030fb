import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { SourceSelector } from '#contract/data-modelling/instances';
import type { InstanceId } from '#contract/files/file-reference';
import { selectsFileView } from '../../../nodes/file-view.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseNodes, requireNodes } from './authorise-nodes.ts';
import { toWireNodes } from './wire-node.ts';

const schema = {
  operationId: 'byExternalIdsInstances',
  tags: ['Data modelling'],
  summary: 'Read files by instance id, in the order asked for; unknown ones are left out',
  params: projectParams(),
  body: Type.Ref('NodesRequest'),
  response: { 200: answer('The nodes.', Type.Ref('Nodes')), ...refusals(400, 401, 403, 413, 415) },
};

/** Adds `POST …/models/instances/byids`. */
export function addFindInstances(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: { items: InstanceId[]; sources?: SourceSelector; includeTyping: boolean } }>(
    `${PROJECT_PATH}/models/instances/byids`,
    { schema, onRequest: requireNodes('READ') },
    async ({ body: { items, sources, includeTyping }, principal }) => {
      authoriseNodes(principal, 'READ', items);
      const withProperties = selectsFileView(sources);
      const nodes = await instances.findNodes(principal.project, items);
      return toWireNodes(nodes, { withProperties, includeTyping });
    },
  );
}
