import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { InstanceId } from '#contract/files/file-reference';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseNodes, requireNodes } from './authorise-nodes.ts';

const schema = {
  operationId: 'deleteBulk',
  tags: ['Data modelling'],
  summary: 'Delete nodes with their files and contents; unknown ones are left out',
  params: projectParams(),
  body: Type.Ref('NodeIds'),
  response: {
    200: answer('Those that were there and are gone.', Type.Ref('NodesDeleted')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/models/instances/delete`. */
export function addDeleteInstances(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: { items: InstanceId[] } }>(
    `${PROJECT_PATH}/models/instances/delete`,
    { schema, onRequest: requireNodes('WRITE') },
    async ({ body, principal }) => {
      authoriseNodes(principal, 'WRITE', body.items);
      const removed = await instances.removeNodes(principal.project, body.items);
      return { items: removed.map((id) => ({ instanceType: 'node', ...id })) };
    },
  );
}
