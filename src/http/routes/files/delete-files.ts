import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileReference } from '#contract/files/file-reference';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter } from './permitted-files.ts';

const schema = {
  operationId: 'deleteFiles',
  tags: ['Files'],
  summary: 'Delete files and their content, all or none',
  params: projectParams(),
  body: Type.Ref('FileReferences'),
  response: { 200: answer('They are gone.', Type.Object({})), ...refusals(400, 401, 403, 409, 413, 415) },
};

/** Adds `POST …/files/delete`. */
export function addDeleteFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: { items: FileReference[]; ignoreUnknownIds: boolean } }>(
    `${PROJECT_PATH}/files/delete`,
    { schema, onRequest: requireSomeFiles('WRITE') },
    async ({ body: { items, ignoreUnknownIds }, principal }) => {
      authoriseSomeFiles(principal, 'WRITE');
      await files.remove(principal.project, items, { ignoreUnknownIds, writer: fileWriter(principal) });
      return {};
    },
  );
}
