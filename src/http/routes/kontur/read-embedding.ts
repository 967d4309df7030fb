import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import { FileIdSchema } from '#contract/files/file-reference';
import { MODEL_SIDE } from '#geometry/spaces';
import type { EncodedImage } from '../../../engine/encoded-image.ts';
import type { EngineState } from '../../../engine/engine.ts';
import { createSemaphore } from '../../../runtime/semaphore.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const header = (type: 'string' | 'integer', description: string) => ({ type, description });
const HEADERS = {
  'kontur-model': header('string', 'Id of the model, and what its encoder computed in: `mobilesam; precision=int8`.'),
  'kontur-tensors': header(
    'string',
    'JSON array of the tensors in the body: `name` of the input of the decoder that takes it, `dtype`, `shape`, and `offset` and `bytes` of its values, which are in row-major order, little-endian.',
  ),
  'kontur-image-width': header('integer', 'Width of the upright image, in pixels.'),
  'kontur-image-height': header('integer', 'Height of the upright image, in pixels.'),
  'kontur-model-side': header('integer', 'Side of the square that the model sees, in model pixels.'),
  'kontur-model-width': header(
    'integer',
    'Width of the part of the square, from its top-left corner, that the image fills.',
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
    'What the image encoder of the model makes of the image, for decoding prompts elsewhere, as in a browser. Encodes the image where that has not been done yet.',
  params: projectParams({ fileId: FileIdSchema }),
  response: {
    200: {
      description: 'The tensors, one after the other.',
      headers: HEADERS,
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
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
  { images, engine }: Pick<AppDependencies, 'images' | 'engine'>,
): void {
  const limit = createSemaphore({ running: RUNNING, waiting: WAITING, what: 'embeddings' });
  app.get<{ Params: { fileId: number } }>(
    `${PROJECT_PATH}/kontur/files/:fileId/embedding`,
    { schema },
    async ({ params: { fileId }, principal, headers: { authorization }, signal }, reply) => {
      const image = await images.resolve({ principal, authorization }, { id: fileId });
      if (engine === undefined) throw new KonturError('unavailable', NO_ENGINE);
      const read = async () => {
        const opened = await images.open({ ...image, project: principal.project }, signal);
        return engine.readEmbedding(opened, signal);
      };
      const [encoded, state] = await Promise.all([limit.run(read, signal), engine.describe()]);
      reply.headers({ ...describeEmbedding(encoded, state), 'cache-control': 'private, no-store' });
      return reply.type('application/octet-stream').send(joinTensors(encoded));
    },
  );
}

const NO_ENGINE = 'This server leaves the work on images to others and has no embeddings; ask one that runs jobs.';

function describeEmbedding({ frame, embedding }: EncodedImage, { model, precision }: EngineState) {
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
  } satisfies Record<keyof typeof HEADERS, string | number>;
}

const joinTensors = ({ embedding }: EncodedImage): Buffer =>
  Buffer.concat(
    Object.values(embedding).map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
