import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileFilter } from '#contract/files/file-filter';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileReader, TOO_MANY_SEARCHES } from './file-reader.ts';

const Counts = Type.Object({
  items: Type.Array(Type.Object({ count: Type.Integer({ minimum: 0, description: 'Number of files.' }) }), {
    description: 'One item.',
  }),
});
const schema = {
  operationId: 'aggregateFiles',
  tags: ['Files'],
  summary: 'Count the files that meet conditions',
  params: projectParams(),
  body: Type.Ref('FileAggregateRequest'),
  response: { 200: answer('How many there are.', Counts), ...TOO_MANY_SEARCHES, ...refusals(400, 401, 403, 413, 415) },
};

/** Adds `POST …/files/aggregate`. */
export function addAggregateFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: { filter?: FileFilter } }>(
    `${PROJECT_PATH}/files/aggregate`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'READ' }) },
    async (request, reply) => {
      const { body, principal } = request;
      return {
        items: [{ count: await files.count(principal.project, body.filter ?? {}, fileReader(request, reply)) }],
      };
    },
  );
}
