import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseSpaces } from './authorise-spaces.ts';

const schema = {
  operationId: 'bySpaceIdsSpaces',
  tags: ['Data modelling'],
  summary: 'Read spaces by name, in the order asked for; unknown ones are left out',
  params: projectParams(),
  body: Type.Ref('SpaceIds'),
  response: { 200: answer('The spaces.', Type.Ref('Spaces')), ...refusals(400, 401, 403, 413, 415) },
};

/** Adds `POST …/models/spaces/byids`. */
export function addFindSpaces(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: { items: { space: string }[] } }>(
    `${PROJECT_PATH}/models/spaces/byids`,
    { schema, onRequest: requireRights({ acl: 'dataModelsAcl', action: 'READ' }) },
    async ({ body, principal }) => {
      authoriseSpaces(principal, 'READ', body.items);
      const names = body.items.map(({ space }) => space);
      return { items: await instances.findSpaces(principal.project, names) };
    },
  );
}
