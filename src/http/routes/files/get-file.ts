import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { defined } from '#contract/defined';
import { FileIdSchema } from '#contract/files/file-reference';
import { toWireFile } from '../../../files/file-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { findPermittedFiles } from './permitted-files.ts';

const schema = {
  operationId: 'getFileByInternalId',
  tags: ['Files'],
  summary: 'Read one file',
  params: projectParams({ id: FileIdSchema }),
  response: { 200: answer('The file.', Type.Ref('File')), ...refusals(400, 401, 403) },
};

/**
 * Adds `GET …/files/{id}`; an unknown id is answered 400 with `missing`, as everywhere in the Files API
 * (docs/contract.md#errors-missing).
 */
export function addGetFile(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.get<{ Params: { id: number } }>(
    `${PROJECT_PATH}/files/:id`,
    { schema },
    async ({ params: { id }, principal }) => {
      const [file] = await findPermittedFiles(files.find, { principal, action: 'READ' }, [{ id }]);
      return toWireFile(defined(file, 'file that was found'));
    },
  );
}
