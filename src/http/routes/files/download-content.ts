import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';
import type { AppDependencies } from '../../app-dependencies.ts';
import { refusals } from '../describe-answers.ts';
import { contentHeaders } from './content-headers.ts';
import { CONTENT_PATH, type ContentLinkQuery, contentLinkQuery } from './content-link.ts';

const schema = {
  operationId: 'downloadContent',
  tags: ['Files'],
  summary: 'Download the content of a file',
  description: 'The address is a downloadUrl.',
  security: [],
  querystring: contentLinkQuery,
  response: {
    200: {
      description: 'The content, as it was uploaded.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...refusals(400, 403),
  },
};

/** Adds `GET downloadUrl`, and HEAD: streams the content from the store. The link is the permission. */
export function addDownloadContent(
  app: FastifyInstance,
  { files, links, blobs }: Pick<AppDependencies, 'files' | 'links' | 'blobs'>,
): void {
  app.get<{ Querystring: ContentLinkQuery }>(
    CONTENT_PATH,
    { schema, config: { access: 'signed-link' } },
    async ({ query, method }, reply) => {
      const { project, fileId } = await links.verify(query.sig, 'download');
      const [file] = await files.findEntries(project, [{ id: fileId }], { ignoreUnknownIds: false });
      if (file?.content === undefined) throw new KonturError('file-not-uploaded', `File ${fileId} has no content.`);
      const { bytes, sha256 } = file.content;
      reply.headers({ ...contentHeaders(file), 'content-length': bytes, etag: `"${sha256}"` });
      // A stream, because Fastify would count the length of anything else.
      return reply.send(method === 'HEAD' ? Readable.from([]) : blobs.read(file.content.blobKey));
    },
  );
}
