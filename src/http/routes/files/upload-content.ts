import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import { MAX_PART_BYTES, MAX_UPLOAD_BYTES } from '#contract/limits';
import type { AppDependencies } from '../../app-dependencies.ts';
import { letContinue } from '../../plugins/continue-late.ts';
import { refuseTrickle } from '../../refuse-trickle.ts';
import { answer, refusals } from '../describe-answers.ts';
import { checkDigests, checkUpload } from './check-upload.ts';
import { CONTENT_PATH, type ContentLinkQuery, contentLinkQuery } from './content-link.ts';

const schema = {
  operationId: 'uploadContent',
  tags: ['Files'],
  summary: 'Upload the content of a file or a part of it, instead of any earlier one',
  description:
    'The address is an uploadUrl, or one of uploadUrls. Any content type; the bytes are kept as sent, whatever content-encoding says. Digests in content-md5, content-digest, repr-digest, digest or x-goog-hash are checked.',
  security: [],
  querystring: contentLinkQuery,
  body: { content: { '*/*': { schema: {} } } },
  response: {
    200: answer('The content is stored.', Type.Object({})),
    ...refusals(400, 403, 413, 415, 507),
    429: answer(
      'The same link is in use by too many uploads at this moment. Retry after the given time.',
      Type.Ref('Error'),
    ),
  },
};

/** Uploads through one link at the same time: a client that tries again may do so before the first try has ended. */
const MOST_AT_ONCE = 4;

/** Counts the uploads of each link that are under way: each may take a temporary file of the largest size. */
function createUploadCounter() {
  const counts = new Map<string, number>();
  return {
    /** @returns a function that undoes it; @throws KonturError `busy` */
    enter(link: string): () => void {
      const count = counts.get(link) ?? 0;
      if (count >= MOST_AT_ONCE) {
        throw new KonturError(
          'busy',
          `${MOST_AT_ONCE} uploads to this link are under way already. Wait for one to end.`,
          {
            retryAfterSeconds: 5,
          },
        );
      }
      counts.set(link, count + 1);
      return () => {
        const left = (counts.get(link) ?? 1) - 1;
        if (left === 0) counts.delete(link);
        else counts.set(link, left);
      };
    },
  };
}

/** Adds `PUT uploadUrl`: streams the body to the store. The link is the permission; a bearer token is ignored. */
export function addUploadContent(
  app: FastifyInstance,
  { files, links, maxUploadBytes }: Pick<AppDependencies, 'files' | 'links'> & { maxUploadBytes: number },
): void {
  const underWay = createUploadCounter();
  app.put<{ Querystring: ContentLinkQuery; Body: Readable | undefined }>(
    CONTENT_PATH,
    { schema, config: { access: 'signed-link' } },
    async (request, reply) => {
      const { query, headers, body = Readable.from([]) } = request;
      const { multipart, ...upload } = await links.verify(query.sig, 'upload');
      checkUpload(headers);
      const limit = Math.min(maxUploadBytes, multipart === undefined ? MAX_UPLOAD_BYTES : MAX_PART_BYTES);
      if (Number(headers['content-length']) > limit) {
        throw new KonturError('body-too-large', `The upload is larger than the limit of ${limit} bytes.`);
      }
      const release = underWay.enter(query.sig);
      const watched = refuseTrickle(body);
      let content = watched;
      try {
        content = checkDigests(watched, headers);
        letContinue(request, reply);
        if (multipart === undefined) await files.upload(upload, content, limit);
        else await files.uploadPart({ ...upload, ...multipart }, content, limit);
      } finally {
        // They release the request, so that what is left of it can be read and its client comes to read the answer.
        content.destroy();
        watched.destroy();
        release();
      }
      return {};
    },
  );
}
