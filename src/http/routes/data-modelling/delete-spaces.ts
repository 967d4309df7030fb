import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseSpaces } from './authorise-spaces.ts';

const schema = {
  operationId: 'deleteSpacesV3',
  tags: ['Data modelling'],
  summary: 'Delete empty spaces, all or none',
  params: projectParams(),
  body: Type.Ref('SpaceIds'),
  response: {
    200: answer('Those that were there and are gone.', Type.Ref('SpacesDeleted')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/models/spaces/delete`. */
export function addDeleteSpaces(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: { items: { space: string }[] } }>(
    `${PROJECT_PATH}/models/spaces/delete`,
    { schema, onRequest: requireRights({ acl: 'dataModelsAcl', action: 'WRITE' }) },
    async ({ body, principal }) => {
      authoriseSpaces(principal, 'WRITE', body.items);
      const names = body.items.map(({ space }) => space);
      const removed = await instances.removeSpaces(principal.project, names);
      return { items: removed.map((space) => ({ space })) };
    },
  );
}
