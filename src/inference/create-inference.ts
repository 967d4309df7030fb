import type { Prompt } from '../contract/prompt.ts';
import type { ModelFrame } from '../geometry/spaces.ts';
import type { Model } from '../models/catalogue.ts';
import type { PrecisionSetting } from '../models/choose-precision.ts';
import { createChildProcess } from './child-process.ts';
import type { Candidate } from './decode-prompt.ts';
import type { DecodeAnswer, DecodeRequest, DecoderStart } from './decoder-child.ts';
import { createEmbeddingIndex } from './embedding-index.ts';
import type { EncodeAnswer, EncodeRequest, EncoderStart } from './encoder-child.ts';
import { createSharedWork } from './share-work.ts';
import type { ChildLogger } from './start-child.ts';

/** An image file. `contentHash` is the SHA-256 of its content: files of equal content share an embedding. */
export interface ImageFile {
  path: string;
  contentHash: string;
}

/** An image that has been encoded; the embedding itself stays with the decoder process. */
export interface EmbeddedImage extends ModelFrame {
  key: string;
  file: ImageFile;
}

export interface Inference {
  /** Resolves once both graphs are loaded. Throws what keeps them from it. */
  ready(): Promise<void>;
  /** Encodes the image unless its embedding is held. Throws the `image-` errors, and what child-process.ts throws. */
  embed(file: ImageFile, signal?: AbortSignal): Promise<EmbeddedImage>;
  /** Candidates for a prompt with at least one foreground point or a box (decode-prompt.ts). Embeds again where it must. */
  decode(image: EmbeddedImage, prompt: Prompt, signal?: AbortSignal): Promise<Candidate[]>;
  close(): Promise<void>;
}

export interface InferenceOptions {
  model: Model;
  /** Folder of prepared graphs; made if missing, safe to delete. */
  cacheDir: string;
  /** Threads of the encoder and of the decoder, each. */
  threads: number;
  maxPixels: number;
  embeddingCacheBytes: number;
  /** What the encoder computes in. Default: `auto`, the faster on this machine. */
  precision?: PrecisionSetting;
  logger?: ChildLogger;
}

/**
 * A decode that was given up ends by itself within this time, unless the process hangs; killing it any sooner would cost
 * all embeddings that it holds.
 */
const DECODE_GRACE_MS = 15_000;

/** The engine: an encoder process and a decoder process that may die without harm. They start with the first request. */
export function createInference(options: InferenceOptions): Inference {
  const { model, cacheDir, threads, maxPixels, embeddingCacheBytes, precision = 'auto', logger } = options;
  const index = createEmbeddingIndex(embeddingCacheBytes);
  const encodes = createSharedWork<EncodeAnswer>();
  const encoder = createChildProcess<EncodeRequest, EncodeAnswer>({
    name: 'encoder',
    entry: new URL('../../dist/inference/encoder-child.js', import.meta.url),
    start: { model, threads, maxPixels, cacheDir, precision } satisfies EncoderStart,
    abandonGraceMs: 0,
    logger,
  });
  const decoder = createChildProcess<DecodeRequest, DecodeAnswer>({
    name: 'decoder',
    entry: new URL('../../dist/inference/decoder-child.js', import.meta.url),
    start: { model, threads, cacheDir } satisfies DecoderStart,
    abandonGraceMs: DECODE_GRACE_MS,
    onStart: index.clear,
    logger,
  });

  /** Encodes once for all who ask for the same key at the same time, and hands the embedding to the decoder. */
  const encode = (key: string, { path }: ImageFile, signal?: AbortSignal): Promise<EncodeAnswer> =>
    encodes.join(
      key,
      async (shared) => {
        const encoded = await encoder.request({ path }, shared);
        await decoder.request({ key, drop: index.takeEvicted(), embedding: encoded.embedding });
        index.add(key, encoded.frame, encoded.embedding.byteLength);
        return encoded;
      },
      signal,
    );

  return {
    ready: async () => void (await Promise.all([encoder.ready(), decoder.ready()])),

    embed: async (file, signal) => {
      const key = `${file.contentHash}/${model.id}/${model.preprocessing.version}`;
      const frame = index.use(key) ?? (await encode(key, file, signal)).frame;
      return { ...frame, key, file };
    },

    decode: async ({ key, file, ...frame }, prompt, signal) => {
      index.use(key);
      const decode = { frame, prompt };
      const answer = await decoder.request({ key, drop: index.takeEvicted(), decode }, signal);
      if (answer.candidates) return answer.candidates;
      // Dropped in the meantime, or lost with the process that held it: this time the embedding goes along with the prompt.
      const { embedding } = await encode(key, file, signal);
      const again = await decoder.request({ key, drop: index.takeEvicted(), embedding, decode }, signal);
      return again.candidates ?? [];
    },

    close: async () => void (await Promise.all([encoder.close(), decoder.close()])),
  };
}
