import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { SpaceCreate } from '#contract/data-modelling/spaces';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { authoriseSpaces } from './authorise-spaces.ts';

const schema = {
  operationId: 'ApplySpaces',
  tags: ['Data modelling'],
  summary: 'Create spaces, or change their names and descriptions',
  params: projectParams(),
  body: Type.Ref('SpacesUpsert'),
  response: { 200: answer('The spaces as they are now.', Type.Ref('Spaces')), ...refusals(400, 401, 403, 413, 415) },
};

/** Adds `POST …/models/spaces`. */
export function addUpsertSpaces(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.post<{ Body: { items: SpaceCreate[] } }>(
    `${PROJECT_PATH}/models/spaces`,
    { schema, onRequest: requireRights({ acl: 'dataModelsAcl', action: 'WRITE' }) },
    async ({ body, principal }) => {
      authoriseSpaces(principal, 'WRITE', body.items);
      return { items: await instances.upsertSpaces(principal.project, body.items) };
    },
  );
}
