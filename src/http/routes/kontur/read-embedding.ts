import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import { FileIdSchema } from '#contract/files/file-reference';
import { type EmbeddingQuery, EmbeddingQuerySchema } from '#contract/vision/outputs';
import { isWindowOf } from '#geometry/choose-window';
import type { ImageWindow } from '#geometry/image-window';
import { type ImageSize, MODEL_SIDE } from '#geometry/spaces';
import type { EncodedImage } from '../../../engine/encoded-image.ts';
import type { EngineState } from '../../../engine/engine.ts';
import { readRulesVersion } from '../../../engine/read-rules-version.ts';
import { createSemaphore } from '../../../runtime/semaphore.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { isKnown } from './send-picture.ts';

const header = (type: 'string' | 'integer', description: string) => ({ type, description });
const HEADERS = {
  'kontur-model': header('string', 'Id of the model, and what its encoder computed in: `mobilesam; precision=int8`.'),
  'kontur-tensors': header(
    'string',
    'JSON array of the tensors in the body: `name` of the input of the decoder that takes it, `dtype`, `shape`, and `offset` and `bytes` of its values, which are in row-major order, little-endian.',
  ),
  'kontur-rules': header('string', 'Version of the rules that are in force around the decoder, as in models/current.'),
  'kontur-image-width': header('integer', 'Width of the upright image, or of the window, in pixels.'),
  'kontur-image-height': header('integer', 'Height of the upright image, or of the window, in pixels.'),
  'kontur-model-side': header('integer', 'Side of the square that the model sees, in model pixels.'),
  'kontur-model-width': header(
    'integer',
    'Width of the part of the square, from its top-left corner, that the image or window fills.',
  ),
  'kontur-model-height': header('integer', 'Height of that part. A unit coordinate times these gives model pixels.'),
};

/** Names of the headers that the answer carries, for pages of other origins to read. */
export const EMBEDDING_HEADERS = Object.keys(HEADERS);

const schema = {
  operationId: 'readEmbedding',
  tags: ['Kontur'],
  summary: 'Read the embedding of an image',
  description:
    'What the image encoder of the model makes of the image, or of a window of it, for decoding prompts elsewhere, as in a browser. Encodes it where that has not been done yet. The ETag changes with the content of the file and with the model.',
  params: projectParams({ fileId: FileIdSchema }),
  querystring: EmbeddingQuerySchema,
  response: {
    200: {
      description: 'The tensors, one after the other.',
      headers: HEADERS,
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    304: { type: 'null', description: 'The same as what the ETag in If-None-Match stands for.' },
    ...refusals(400, 401, 403),
    429: answer('Too many embeddings are being read at this moment. Retry after the given time.', Type.Ref('Error')),
  },
};

/** Embeddings that are read at once: each holds some megabytes, and jobs need the encoder too. */
const RUNNING = 4;
const WAITING = 32;

/** Adds `GET …/kontur/files/{fileId}/embedding`. */
export function addReadEmbedding(
  app: FastifyInstance,
  { images, engine, settings }: Pick<AppDependencies, 'images' | 'engine' | 'settings'>,
): void {
  const limit = createSemaphore({ running: RUNNING, waiting: WAITING, what: 'embeddings' });
  app.get<{ Params: { fileId: number }; Querystring: EmbeddingQuery }>(
    `${PROJECT_PATH}/kontur/files/:fileId/embedding`,
    { schema },
    async (request, reply) => {
      const { params, query, principal, headers, signal } = request;
      const { authorization } = headers;
      const image = await images.resolve({ principal, authorization }, { id: params.fileId });
      if (engine === undefined) throw new KonturError('unavailable', NO_ENGINE);
      const window = query.window === undefined ? undefined : parseWindow(query.window);
      if (window && !settings.detailWindows) throw new KonturError('invalid-request', NO_WINDOWS);
      const [model, rules] = await Promise.all([engine.describeModel(), readRulesVersion()]);

      const read = async () => {
        const opened = await images.open({ ...image, project: principal.project }, signal);
        const etag = etagOf(opened.contentHash, model.variant, window);
        reply.headers({ etag, 'cache-control': 'private, no-cache', 'kontur-rules': rules });
        if (isKnown(request, etag)) return undefined;
        const file = { ...opened, owner: principal.project };
        if (window) await checkWindow(window, () => engine.measure(file, signal));
        return engine.readEmbedding({ ...file, window }, signal);
      };
      const encoded = await limit.run(read, signal);
      if (encoded === undefined) return reply.code(304).send();
      reply.headers({ ...describeEmbedding(encoded, model), 'kontur-rules': rules });
      return reply.type('application/octet-stream').send(joinTensors(encoded));
    },
  );
}

/** Content, model and window, so that equal tags mean equal bytes; that of a window begins with that of its photo. */
function etagOf(contentHash: string, variant: string, window: ImageWindow | undefined): string {
  const photo = createHash('sha256').update(`${contentHash} ${variant}`).digest('hex').slice(0, 32);
  return `"${photo}${window ? `.${windowText(window)}` : ''}"`;
}

const windowText = ({ left, top, width, height }: ImageWindow) => [left, top, width, height].join(',');

function parseWindow(text: string): ImageWindow {
  const [left = 0, top = 0, width = 0, height = 0] = text.split(',').map(Number);
  return { left, top, width, height };
}

/** Refuses windows that no prompt on a photo of this size leads to: each of them would be an encode. */
async function checkWindow(window: ImageWindow, measure: () => Promise<ImageSize>): Promise<void> {
  const size = await measure();
  if (isWindowOf(window, size)) return;
  throw new KonturError(
    'invalid-request',
    `window is ${windowText(window)}, which is no window of this photo of ${size.imageWidth} x ${size.imageHeight} pixels. Photos from 2048 pixels on have some: squares of 320, 640, 1280, … pixels at every half of their side, up to a third of the photo.`,
  );
}

const NO_ENGINE = 'This server leaves the work on images to others and has no embeddings; ask one that runs jobs.';
const NO_WINDOWS = 'This server looks at photos as a whole (KONTUR_DETAIL_WINDOWS=false). Leave window out.';

function describeEmbedding(
  { frame, embedding }: EncodedImage,
  { model, precision }: EngineState,
): Record<Exclude<keyof typeof HEADERS, 'kontur-rules'>, string | number> {
  let offset = 0;
  const tensors = Object.entries(embedding).map(([name, { data, dims }]) => {
    const tensor = { name, dtype: 'float16', shape: dims, offset, bytes: data.byteLength };
    offset += data.byteLength;
    return tensor;
  });
  return {
    'kontur-model': `${model}; precision=${precision}`,
    'kontur-tensors': JSON.stringify(tensors),
    'kontur-image-width': frame.imageWidth,
    'kontur-image-height': frame.imageHeight,
    'kontur-model-side': MODEL_SIDE,
    'kontur-model-width': frame.modelWidth,
    'kontur-model-height': frame.modelHeight,
  };
}

const joinTensors = ({ embedding }: EncodedImage): Buffer =>
  Buffer.concat(
    Object.values(embedding).map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
