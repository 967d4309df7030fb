import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { spaceListQuery } from '#contract/data-modelling/spaces';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { readableSpaces } from './authorise-spaces.ts';

const schema = {
  operationId: 'listSpacesV3',
  tags: ['Data modelling'],
  summary: 'List the spaces that the caller may read, page by page',
  params: projectParams(),
  querystring: spaceListQuery,
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('SpacePage')),
    ...refusals(400, 401, 403),
  },
};

/** Adds `GET …/models/spaces`. */
export function addListSpaces(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  app.get<{ Querystring: { includeGlobal: boolean; limit: number; cursor?: string } }>(
    `${PROJECT_PATH}/models/spaces`,
    { schema },
    async ({ query, principal }) => {
      const within = readableSpaces(principal, 'dataModelsAcl');
      return instances.listSpaces(principal.project, { ...query, within });
    },
  );
}
