import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileReference } from '#contract/files/file-reference';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter } from './permitted-files.ts';
import { inBothShapes, type LinkDependencies, withUploadUrl } from './upload-url.ts';

const schema = {
  operationId: 'getUploadLink',
  tags: ['Files'],
  summary: 'Get a link to upload the content of a file to; earlier upload links become invalid',
  params: projectParams(),
  body: Type.Ref('UploadLinkRequest'),
  response: {
    200: answer('The file; PUT its content to uploadUrl within a week.', Type.Ref('UploadLink')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/files/uploadlink`. */
export function addCreateUploadLink(
  app: FastifyInstance,
  { files, ...links }: Pick<AppDependencies, 'files'> & LinkDependencies,
): void {
  app.post<{ Body: { items: [FileReference] } }>(
    `${PROJECT_PATH}/files/uploadlink`,
    { schema, onRequest: requireSomeFiles('WRITE') },
    async ({ body, principal }) => {
      authoriseSomeFiles(principal, 'WRITE');
      const file = await files.renewUpload(principal.project, body.items[0], { writer: fileWriter(principal) });
      return inBothShapes(await withUploadUrl(links, file));
    },
  );
}
