import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import { MAX_PART_BYTES, MAX_UPLOAD_BYTES } from '#contract/limits';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { CONTENT_PATH, type ContentLinkQuery, contentLinkQuery } from './content-link.ts';

const schema = {
  operationId: 'uploadContent',
  tags: ['Files'],
  summary: 'Upload the content of a file or a part of it, in place of any earlier one',
  description:
    'The address is an uploadUrl, or one of uploadUrls. Any content type; the bytes are kept as sent, whatever content-encoding says.',
  security: [],
  querystring: contentLinkQuery,
  body: { content: { '*/*': { schema: {} } } },
  response: { 200: answer('The content is stored.', Type.Object({})), ...refusals(400, 403, 413) },
};

/** Adds `PUT uploadUrl`: streams the body to the store. The link is the permission; a bearer token is ignored. */
export function addUploadContent(
  app: FastifyInstance,
  { files, links, maxUploadBytes }: Pick<AppDependencies, 'files' | 'links'> & { maxUploadBytes: number },
): void {
  app.put<{ Querystring: ContentLinkQuery; Body: Readable | undefined }>(
    CONTENT_PATH,
    { schema, config: { access: 'signed-link' } },
    async ({ query, headers, body = Readable.from([]) }) => {
      const { multipart, ...upload } = await links.verify(query.sig, 'upload');
      const limit = Math.min(maxUploadBytes, multipart === undefined ? MAX_UPLOAD_BYTES : MAX_PART_BYTES);
      if (Number(headers['content-length']) > limit) {
        throw new KonturError('body-too-large', `The upload is larger than the limit of ${limit} bytes.`);
      }
      if (multipart === undefined) await files.upload(upload, body, limit);
      else await files.uploadPart({ ...upload, ...multipart }, body, limit);
      return {};
    },
  );
}
