import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { toWireFile } from '../../../files/file-record.ts';
import type { FileSearchQuery } from '../../../files/search-files.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileReader, TOO_MANY_SEARCHES } from './file-reader.ts';

const Items = Type.Object({ items: Type.Array(Type.Ref('File'), { description: 'The files.' }) });
const schema = {
  operationId: 'searchFiles',
  tags: ['Files'],
  summary: 'Search files by words of their names',
  params: projectParams(),
  body: Type.Ref('FileSearchRequest'),
  response: {
    200: answer('The files found, the best match first; there are no further pages.', Items),
    ...TOO_MANY_SEARCHES,
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/files/search`. */
export function addSearchFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: FileSearchQuery }>(
    `${PROJECT_PATH}/files/search`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'READ' }) },
    async (request, reply) => {
      const found = await files.search(request.principal.project, request.body, fileReader(request, reply));
      return { items: found.map(toWireFile) };
    },
  );
}
