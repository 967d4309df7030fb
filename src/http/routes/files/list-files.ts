import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readableDataSets } from '../../../auth/authorise.ts';
import { toWireFile } from '../../../files/file-record.ts';
import type { FileListQuery } from '../../../files/list-files.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const schema = {
  operationId: 'advancedListFiles',
  tags: ['Files'],
  summary: 'List files that meet conditions, page by page',
  params: projectParams(),
  body: Type.Ref('FileListRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('FilePage')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** `POST …/files/list`. */
export function addListFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: FileListQuery }>(
    `${PROJECT_PATH}/files/list`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'READ' }) },
    async ({ body, principal }) => {
      const dataSetIds = readableDataSets(principal);
      const { items, ...rest } = await files.list(principal.project, body, { dataSetIds });
      return { items: items.map(toWireFile), ...rest };
    },
  );
}
