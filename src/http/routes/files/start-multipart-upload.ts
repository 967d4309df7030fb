import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileCreate } from '#contract/files/file';
import { PartsSchema } from '#contract/files/file-upload';
import { authorise } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter } from './permitted-files.ts';
import { type LinkDependencies, withPartUrls } from './upload-url.ts';

const schema = {
  operationId: 'initMultiPartUpload',
  tags: ['Files'],
  summary: 'Create a file and get links to upload its content to in parts',
  params: projectParams(),
  querystring: Type.Object({
    overwrite: Type.Optional(
      Type.Boolean({ default: false, description: 'Replace the file that has the same externalId, if there is one.' }),
    ),
    parts: PartsSchema,
  }),
  body: Type.Ref('FileCreate'),
  response: {
    201: answer('The file; PUT every part within a week, then complete the upload.', Type.Ref('MultipartUpload')),
    ...refusals(400, 401, 403, 409, 413, 415),
  },
};

/** Adds `POST …/files/initmultipartupload`. */
export function addStartMultipartUpload(
  app: FastifyInstance,
  { files, ...links }: Pick<AppDependencies, 'files'> & LinkDependencies,
): void {
  app.post<{ Body: FileCreate; Querystring: { overwrite: boolean; parts: number } }>(
    `${PROJECT_PATH}/files/initmultipartupload`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'WRITE' }) },
    async ({ body, query: { overwrite, parts }, principal }, reply) => {
      authorise(principal, { acl: 'filesAcl', action: 'WRITE' });
      const file = await files.create(principal.project, body, { overwrite, writer: fileWriter(principal) });
      const upload = await files.startMultipartUpload(file, parts);
      reply.code(201);
      return withPartUrls(links, upload);
    },
  );
}
