import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileReference } from '#contract/files/file-reference';
import { toWireFile } from '../../../files/file-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { findPermittedFiles } from './permitted-files.ts';

const Items = Type.Object({ items: Type.Array(Type.Ref('File'), { description: 'The files.' }) });
const schema = {
  operationId: 'byIdsFiles',
  tags: ['Files'],
  summary: 'Read files by id, in the order asked for',
  params: projectParams(),
  body: Type.Ref('FileReferences'),
  response: { 200: answer('The files.', Items), ...refusals(400, 401, 403, 409, 413, 415) },
};

/** Adds `POST …/files/byids`. */
export function addFindFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: { items: FileReference[]; ignoreUnknownIds: boolean } }>(
    `${PROJECT_PATH}/files/byids`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ body: { items, ignoreUnknownIds }, principal }) => {
      const reader = { principal, action: 'READ' } as const;
      const found = await findPermittedFiles(files.find, reader, items, { ignoreUnknownIds });
      return { items: found.map(toWireFile) };
    },
  );
}
