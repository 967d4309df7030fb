import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileReference } from '#contract/files/file-reference';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { findPermittedFiles } from './permitted-files.ts';

const schema = {
  operationId: 'deleteFiles',
  tags: ['Files'],
  summary: 'Delete files and their content, all or none',
  params: projectParams(),
  body: Type.Ref('FileReferences'),
  response: { 200: answer('They are gone.', Type.Object({})), ...refusals(400, 401, 403, 409, 413, 415) },
};

/** `POST …/files/delete`. */
export function addDeleteFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: { items: FileReference[]; ignoreUnknownIds: boolean } }>(
    `${PROJECT_PATH}/files/delete`,
    { schema },
    async ({ body: { items, ignoreUnknownIds }, principal }) => {
      const writer = { principal, action: 'WRITE' } as const;
      const permitted = await findPermittedFiles({ files }, writer, items, { ignoreUnknownIds });
      const ids = new Set(permitted.map(({ id }) => id));
      const references = ignoreUnknownIds ? [...ids].map((id) => ({ id })) : items;
      await files.remove(principal.project, references, { ignoreUnknownIds });
      return {};
    },
  );
}
