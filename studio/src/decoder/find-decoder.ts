import type { CurrentModel } from '#contract/vision/current-model';
import { MODEL_SIDE } from '#geometry/spaces';
import { EMBEDDING_INPUT } from '#prompting/sam-graph';
import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import { DecoderFailure } from './decoder-failure.ts';
import type { DecoderFile, PhotoEmbedding } from './decoder-messages.ts';

/** Version of the rules in this page; the build puts it in (vite.config.ts). */
declare const RULES_VERSION: string;

/** The decoder of the server, which this page can run, and the model whose embeddings it takes. */
export interface UsableDecoder {
  file: DecoderFile;
  model: string;
  /** Whether small objects in large photos get a second look in a window. */
  detailWindows: boolean;
}

/** The only family of graphs that this page runs. */
const FLAVOUR = 'mobilesam';
const EMBEDDING_SHAPE = [1, 256, 64, 64];

/**
 * Asks the server for its decoder.
 *
 * @throws DecoderFailure if this page does not know the model, has other rules, or got no answer
 */
export async function findDecoder({ fetch }: Pick<Api, 'fetch'>): Promise<UsableDecoder> {
  const { model, decoder, preprocessing, rules } = await readCurrentModel(fetch);
  const { flavour, takesLogits, url, sha256, bytes } = decoder;
  const isKnown = flavour === FLAVOUR && takesLogits && preprocessing.side === MODEL_SIDE;
  if (!isKnown || url === undefined || sha256 === undefined || bytes === undefined) {
    throw new DecoderFailure('other-model', `This page cannot run the decoder of ${model}.`);
  }
  checkRules(rules.version);
  return { file: { url, sha256, bytes }, model, detailWindows: rules.detailWindows };
}

async function readCurrentModel(fetch: Api['fetch']): Promise<CurrentModel> {
  try {
    return await (await fetch('kontur/models/current')).json();
  } catch (cause) {
    // A server of an earlier version has no such operation.
    const reason = cause instanceof ApiError && cause.status === 404 ? 'other-rules' : 'not-loaded';
    throw new DecoderFailure(reason, (cause as Error).message, { cause });
  }
}

function checkRules(version: string | null): void {
  if (version === RULES_VERSION) return;
  throw new DecoderFailure('other-rules', 'This page is of another version than the server; reload it.');
}

/**
 * Reads an embedding as the server sends it.
 *
 * @throws DecoderFailure if it is of another model than the decoder, or the server has other rules by now
 */
export async function readEmbedding(response: Response, { model }: UsableDecoder): Promise<PhotoEmbedding> {
  const { headers } = response;
  const header = (name: string) => headers.get(`kontur-${name}`) ?? '';
  checkRules(header('rules'));
  const [tensor, ...others] = JSON.parse(header('tensors') || '[]') as {
    name: string;
    dtype: string;
    shape: number[];
  }[];
  const isKnown =
    header('model').split(';')[0] === model &&
    others.length === 0 &&
    tensor?.name === EMBEDDING_INPUT &&
    tensor.dtype === 'float16' &&
    `${tensor.shape}` === `${EMBEDDING_SHAPE}`;
  const bytes = await response.arrayBuffer();
  if (!isKnown || bytes.byteLength !== 2 * EMBEDDING_SHAPE.reduce((product, side) => product * side)) {
    throw new DecoderFailure('other-model', 'The server runs another model than the decoder of this page.');
  }
  const frame = {
    imageWidth: Number(header('image-width')),
    imageHeight: Number(header('image-height')),
    modelWidth: Number(header('model-width')),
    modelHeight: Number(header('model-height')),
  };
  const key = (headers.get('etag') ?? '').replace(/^W\/|"/g, '');
  return { key, frame, data: new Uint16Array(bytes) };
}

/** A module whose one function fills a vector and counts its bits: it is valid where WebAssembly has SIMD. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Whether this browser has WebAssembly with SIMD. */
export const hasWebAssembly = (): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_MODULE);
