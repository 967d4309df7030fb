import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { NodeListRequest } from '#contract/data-modelling/instances';
import { selectsFileView } from '../../../nodes/file-view.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseFileView, requireNodes } from './authorise-nodes.ts';
import { readableSpaces } from './authorise-spaces.ts';
import { toWireNodes } from './wire-node.ts';

const schema = {
  operationId: 'advancedListInstance',
  tags: ['Data modelling'],
  summary: 'List the nodes that the caller may read, page by page',
  params: projectParams(),
  body: Type.Ref('NodeListRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('NodePage')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/models/instances/list`. */
export function addListInstances(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: NodeListRequest }>(
    `${PROJECT_PATH}/models/instances/list`,
    { schema, onRequest: requireNodes('READ') },
    async ({ body: { sources, includeTyping, ...query }, principal }) => {
      authoriseFileView(principal);
      const within = readableSpaces(principal, 'dataModelInstancesAcl');
      const withProperties = selectsFileView(sources);
      const { items, nextCursor } = await instances.listNodes(principal.project, { ...query, within });
      return { ...toWireNodes(items, { withProperties, includeTyping }), nextCursor };
    },
  );
}
