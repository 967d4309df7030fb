import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ReverseLookupRequest } from '#contract/annotations/annotation';
import { toFilterData } from '#contract/annotations/filter-data';
import { MAX_PAGE_SIZE } from '#contract/limits';
import { mayAccessFile } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { checkResourceType } from './permitted-annotations.ts';

const schema = {
  operationId: 'annotationsReverselookup',
  tags: ['Annotations'],
  summary: 'Find the files that have annotations that meet conditions',
  params: projectParams(),
  body: Type.Ref('ReverseLookupRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('ReverseLookupPage')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/annotations/reverselookup`. */
export function addReverseLookup(app: FastifyInstance, { annotations }: Pick<AppDependencies, 'annotations'>): void {
  app.post<{ Body: ReverseLookupRequest }>(
    `${PROJECT_PATH}/annotations/reverselookup`,
    { schema, config: { keptNull: 'creatingUser' }, onRequest: requireSomeFiles('READ') },
    async ({ body: { filter, limit, cursor }, principal }) => {
      const { annotatedResourceType, data, ...conditions } = filter;
      checkResourceType(annotatedResourceType);
      const query = {
        filter: { ...conditions, data: data && toFilterData(data) },
        limit: limit < 1 ? MAX_PAGE_SIZE : limit,
        cursor,
      };
      const { items, nextCursor = null } = await annotations.findFiles(principal.project, query, (file) =>
        mayAccessFile(principal, 'READ', file),
      );
      const named = items.map(({ id, externalId }) => ({ id, ...(externalId !== undefined && { externalId }) }));
      return { annotatedResourceType: 'file', items: named, nextCursor };
    },
  );
}
