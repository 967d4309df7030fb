import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '../../../contract/error-codes.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { CONTENT_PATH, type ContentLinkQuery, contentLinkQuery } from './content-link.ts';

const schema = {
  operationId: 'uploadContent',
  tags: ['Files'],
  summary: 'Upload the content of a file, in place of any earlier one',
  description:
    'The address is an uploadUrl. Any content type; the bytes are kept as sent, whatever content-encoding says.',
  security: [],
  querystring: contentLinkQuery,
  body: { content: { '*/*': { schema: {} } } },
  response: { 200: answer('The content is stored.', Type.Object({})), ...refusals(400, 403, 413) },
};

/** `PUT uploadUrl`: streams the body to the store. The link is the permission; a bearer token is not looked at. */
export function addUploadContent(
  app: FastifyInstance,
  { files, links, maxUploadBytes }: Pick<AppDependencies, 'files' | 'links'> & { maxUploadBytes: number },
): void {
  app.put<{ Querystring: ContentLinkQuery; Body: Readable | undefined }>(
    CONTENT_PATH,
    { schema, config: { access: 'signed-link' } },
    async ({ query, headers, body = Readable.from([]) }) => {
      const upload = await links.verify(query.sig, 'upload');
      if (Number(headers['content-length']) > maxUploadBytes) {
        throw new KonturError('body-too-large', `The upload is larger than the limit of ${maxUploadBytes} bytes.`);
      }
      await files.upload(upload, body, maxUploadBytes);
      return {};
    },
  );
}
