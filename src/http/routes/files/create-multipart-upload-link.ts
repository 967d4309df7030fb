import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileReference } from '#contract/files/file-reference';
import { PartsSchema } from '#contract/files/file-upload';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter } from './permitted-files.ts';
import { type LinkDependencies, withPartUrls } from './upload-url.ts';

const schema = {
  operationId: 'getMultiPartUploadLink',
  tags: ['Files'],
  summary: 'Get links to upload the content of a file to in parts; earlier upload links become invalid',
  params: projectParams(),
  querystring: Type.Object({ parts: PartsSchema }),
  body: Type.Ref('UploadLinkRequest'),
  response: {
    200: answer('The file; PUT every part within a week, then complete the upload.', Type.Ref('MultipartUpload')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/files/multiuploadlink`. */
export function addCreateMultipartUploadLink(
  app: FastifyInstance,
  { files, ...links }: Pick<AppDependencies, 'files'> & LinkDependencies,
): void {
  app.post<{ Body: { items: [FileReference] }; Querystring: { parts: number } }>(
    `${PROJECT_PATH}/files/multiuploadlink`,
    { schema, onRequest: requireSomeFiles('WRITE') },
    async ({ body, query: { parts }, principal }) => {
      authoriseSomeFiles(principal, 'WRITE');
      const file = await files.renewUpload(principal.project, body.items[0], { writer: fileWriter(principal) });
      return withPartUrls(links, await files.startMultipartUpload(file, parts));
    },
  );
}
