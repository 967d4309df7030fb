import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileReference } from '#contract/files/file-reference';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter, findPermittedFiles } from './permitted-files.ts';

/** Joining the parts of a large file takes longer than a connection may otherwise be idle. */
const COMPLETION_MS = 3_600_000;

const schema = {
  operationId: 'completeMultiPartUpload',
  tags: ['Files'],
  summary: 'Make the parts that were uploaded the content of the file',
  params: projectParams(),
  body: Type.Ref('CompleteMultipartUpload'),
  response: {
    200: answer('The file has its content; so it is when the request is repeated.', Type.Object({})),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/files/completemultipartupload`. */
export function addCompleteMultipartUpload(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: FileReference & { uploadId: string } }>(
    `${PROJECT_PATH}/files/completemultipartupload`,
    { schema, onRequest: requireSomeFiles('WRITE') },
    async ({ body: { uploadId, ...reference }, principal, raw }, reply) => {
      await findPermittedFiles(files.findEntries, { principal, action: 'WRITE' }, [reference]);
      reply.raw.setTimeout(COMPLETION_MS, () => raw.destroy());
      await files.completeMultipartUpload(principal.project, reference, uploadId, { writer: fileWriter(principal) });
      return {};
    },
  );
}
