import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';
import type { AppDependencies } from '../../app-dependencies.ts';
import { refusals } from '../describe-answers.ts';
import { isKnown } from '../kontur/send-picture.ts';
import { contentHeaders } from './content-headers.ts';
import { CONTENT_PATH, type ContentLinkQuery, contentLinkQuery } from './content-link.ts';
import { rangeOf } from './content-range.ts';

const schema = {
  operationId: 'downloadContent',
  tags: ['Files'],
  summary: 'Download the content of a file',
  description:
    'The address is a downloadUrl. A part of the content is asked for with the header range, and a download gone on with by if-range.',
  security: [],
  querystring: contentLinkQuery,
  response: {
    200: {
      description: 'The content, as it was uploaded.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    206: {
      description: 'The part of the content that the header range asks for; content-range says which it is.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    304: { type: 'null', description: 'The content is still the one of the tag in if-none-match.' },
    ...refusals(400, 403, 416),
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
    async (request, reply) => {
      const { project, fileId } = await links.verify(request.query.sig, 'download');
      const [file] = await files.findEntries(project, [{ id: fileId }], { ignoreUnknownIds: false });
      if (file?.content === undefined) throw new KonturError('file-not-uploaded', `File ${fileId} has no content.`);
      const { bytes, sha256, blobKey } = file.content;
      const etag = `"${sha256}"`;
      reply.headers({ 'accept-ranges': 'bytes', etag });
      if (isKnown(request, etag)) return reply.code(304).send();
      reply.headers({ ...contentHeaders(file), 'content-length': bytes });
      const range = rangeOf(request, reply, { bytes, etag });
      // A stream, because Fastify would count the length of anything else.
      return reply.send(request.method === 'HEAD' ? Readable.from([]) : blobs.read(blobKey, range));
    },
  );
}
