import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { FileIdSchema } from '#contract/files/file-reference';
import { type ThumbnailQuery, ThumbnailQuerySchema } from '#contract/vision/outputs';
import type { AppDependencies } from '../../app-dependencies.ts';
import { goneSignal } from '../../gone-signal.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { openImageOfFile } from './open-image-of-file.ts';
import { isKnown, sendPicture } from './send-picture.ts';

const HEADERS = {
  'kontur-image-width': { type: 'integer', description: 'Width of the upright image, in pixels.' },
  'kontur-image-height': { type: 'integer', description: 'Height of the upright image, in pixels.' },
};

const schema = {
  operationId: 'getFileThumbnail',
  tags: ['Kontur'],
  summary: 'A small picture of an image file',
  description: 'An upright JPEG without metadata. What is wrong with an image is a 400.',
  params: projectParams({ fileId: FileIdSchema }),
  querystring: ThumbnailQuerySchema,
  response: {
    200: {
      description: 'The picture.',
      headers: HEADERS,
      content: { 'image/jpeg': { schema: Type.String({ format: 'binary' }) } },
    },
    304: { type: 'null', description: 'The same as what the ETag in If-None-Match stands for.' },
    ...refusals(400, 401, 403),
    429: answer('Too many pictures are being made. Retry after the given time.', Type.Ref('Error')),
  },
};

/** Adds `GET …/kontur/files/{fileId}/thumbnail`. Its ETag changes with the content of the file. */
export function addGetThumbnail(
  app: FastifyInstance,
  { images, pictures }: Pick<AppDependencies, 'images' | 'pictures'>,
): void {
  app.get<{ Params: { fileId: number }; Querystring: ThumbnailQuery }>(
    `${PROJECT_PATH}/kontur/files/:fileId/thumbnail`,
    { schema },
    async (request, reply) => {
      const { params, query } = request;
      const signal = goneSignal(reply);
      const image = await openImageOfFile({ images }, request, params.fileId, signal);
      const etag = `"${image.contentHash}-${query.width}"`;
      if (isKnown(request, etag)) return sendPicture(reply, { etag }).code(304).send();
      const [{ imageWidth, imageHeight }, jpeg] = await Promise.all([
        pictures.measure(image, signal),
        pictures.makeThumbnail(image, query, signal),
      ]);
      reply.headers({ 'kontur-image-width': imageWidth, 'kontur-image-height': imageHeight });
      const fileName = `thumbnail-${params.fileId}.jpg`;
      return sendPicture(reply, { etag, mediaType: 'image/jpeg', fileName }).send(Buffer.from(jpeg));
    },
  );
}
