import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { toWireFile } from '../../../files/file-record.ts';
import type { FileListQuery } from '../../../files/list-files.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileReader, TOO_MANY_SEARCHES } from './file-reader.ts';

const schema = {
  operationId: 'advancedListFiles',
  tags: ['Files'],
  summary: 'List files that meet conditions, page by page',
  params: projectParams(),
  body: Type.Ref('FileListRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('FilePage')),
    ...TOO_MANY_SEARCHES,
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/files/list`. */
export function addListFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: FileListQuery }>(
    `${PROJECT_PATH}/files/list`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'READ' }) },
    async (request, reply) => {
      const { items, ...rest } = await files.list(request.principal.project, request.body, fileReader(request, reply));
      return { items: items.map(toWireFile), ...rest };
    },
  );
}
