import type { Prompt } from '../contract/prompt.ts';
import type { ImageWindow } from '../geometry/image-window.ts';
import type { ImageSize, ModelFrame } from '../geometry/spaces.ts';
import { canUseBuckets } from '../models/aspect-buckets.ts';
import type { Model } from '../models/catalogue.ts';
import { choosePrecision, type Precision, type PrecisionSetting } from '../models/choose-precision.ts';
import { embeddingVariant } from '../models/embedding-variant.ts';
import { createChildProcess } from './child-process.ts';
import type { Candidate } from './decode-prompt.ts';
import type { DecodeAnswer, DecodeRequest, DecoderStart } from './decoder-child.ts';
import { createEmbeddingIndex } from './embedding-index.ts';
import type { EncoderAnswer, EncoderRequest, EncoderStart } from './encoder-child.ts';
import { embeddingBytes } from './half-embedding.ts';
import { createImageSizes } from './image-sizes.ts';
import { createKeyCounter } from './key-counter.ts';
import { createSharedWork } from './share-work.ts';
import type { ChildLogger } from './start-child.ts';
import { createStoredEmbeddings, type EmbeddingStore, type EncodedImage } from './stored-embeddings.ts';

/** An image file. `contentHash` is the SHA-256 of its content: files of equal content share an embedding. */
export interface ImageFile {
  path: string;
  contentHash: string;
  /** The part of it that counts as the image, with an embedding of its own. Default: all of it. */
  window?: ImageWindow;
}

/** An image that has been encoded; the embedding itself stays with the decoder process. */
export interface EmbeddedImage extends ModelFrame {
  key: string;
  file: ImageFile;
}

/** What the engine runs: the model's id, what its encoder computes in, and onnxruntime's execution provider. */
export interface EngineState {
  model: string;
  precision: Precision;
  provider: string;
}

export interface Inference {
  /** Resolves once both graphs are loaded. Throws what keeps them from it. */
  ready(): Promise<void>;
  /** Size of the whole upright image, known or from its header alone. Throws as `embed` does. */
  measure(file: ImageFile, signal?: AbortSignal): Promise<ImageSize>;
  /** Encodes the image unless its embedding is held or kept. Throws the `image-` errors, and what child-process.ts throws. */
  embed(file: ImageFile, signal?: AbortSignal): Promise<EmbeddedImage>;
  /** The same for an image that nobody waits for: all others go first. */
  warm(file: ImageFile, signal?: AbortSignal): Promise<void>;
  /** Candidates for a prompt with at least one foreground point or a box (decode-prompt.ts). Embeds again where it must. */
  decode(image: EmbeddedImage, prompt: Prompt, signal?: AbortSignal): Promise<Candidate[]>;
  /** The embedding itself. Throws as `embed` does. */
  readEmbedding(file: ImageFile, signal?: AbortSignal): Promise<EncodedImage>;
  /** Lets go of the embeddings of that content, held or kept. */
  forgetEmbedding(contentHash: string): Promise<void>;
  /** What runs once the engine is ready. Nothing else is ever taken in its place: what cannot be had is an error at start. */
  describe(): Promise<EngineState>;
  close(): Promise<void>;
}

export interface InferenceOptions {
  model: Model;
  /** Folder of prepared graphs; made if missing, safe to delete. */
  cacheDir: string;
  /** Threads of the encoder and of the decoder, each. */
  threads: number;
  maxPixels: number;
  /** Memory for embeddings in the decoder process; one is held in any case. */
  embeddingCacheBytes: number;
  /** Where embeddings are kept beyond the process. Default: nowhere. */
  embeddingStore?: EmbeddingStore;
  /** What the encoder computes in. Default: `auto`, the faster on this machine. */
  precision?: PrecisionSetting;
  /** Execution provider of onnxruntime for both graphs. Default: `cpu`. */
  provider?: string;
  /** Images that are not square are encoded without most of their padding, where the model can. Default: true. */
  aspectBuckets?: boolean;
  /** Longest time for one request to a process, which then counts as hanging. Default: 30 s. */
  requestLimitMs?: number;
  logger?: ChildLogger;
}

/**
 * A decode that was given up ends by itself within this time, unless the process hangs; killing it any sooner would cost
 * all embeddings that it holds.
 */
const DECODE_GRACE_MS = 15_000;

/** Many times what the slowest image takes, and half of a job's time limit, so that the job is done in a new process. */
const REQUEST_LIMIT_MS = 30_000;

/** The engine: an encoder process and a decoder process that may die without harm. They start with the first request. */
export function createInference(options: InferenceOptions): Inference {
  const {
    model,
    cacheDir,
    threads,
    maxPixels,
    embeddingCacheBytes,
    precision = 'auto',
    provider = 'cpu',
    aspectBuckets = true,
    logger,
  } = options;
  const limitMs = options.requestLimitMs ?? REQUEST_LIMIT_MS;
  const index = createEmbeddingIndex(embeddingCacheBytes);
  const stored = createStoredEmbeddings(options.embeddingStore, logger);
  const encodes = createSharedWork<EncodedImage>();
  const awaited = createKeyCounter();
  const sizes = createImageSizes();
  const encoder = createChildProcess<EncoderRequest, EncoderAnswer>({
    name: 'encoder',
    entry: new URL('../../dist/inference/encoder-child.js', import.meta.url),
    start: { model, threads, maxPixels, cacheDir, precision, provider, aspectBuckets } satisfies EncoderStart,
    limitMs,
    abandonGraceMs: 0,
    logger,
  });
  const decoder = createChildProcess<DecodeRequest, DecodeAnswer>({
    name: 'decoder',
    entry: new URL('../../dist/inference/decoder-child.js', import.meta.url),
    start: { model, threads, cacheDir, provider } satisfies DecoderStart,
    limitMs,
    abandonGraceMs: DECODE_GRACE_MS,
    onStart: index.clear,
    logger,
  });

  const chosenPrecision = choosePrecision({ precision, provider, flavour: model.flavour });
  const hasBuckets = aspectBuckets && canUseBuckets(model, provider);
  const variant = chosenPrecision.then((chosen) =>
    embeddingVariant(model, { precision: chosen, provider, hasBuckets }),
  );
  // Whoever asks for it hears of it, and `ready` does.
  variant.catch(() => {});
  const keyOf = async ({ contentHash, window }: ImageFile) =>
    `${contentHash}.${await variant}${window ? windowSuffix(window) : ''}`;
  const askDecoder = (request: Omit<DecodeRequest, 'drop'>, signal?: AbortSignal) =>
    decoder.request({ ...request, drop: index.takeEvicted() }, signal);

  /** Hands an embedding to the decoder. */
  async function hold(key: string, { frame, embedding }: EncodedImage): Promise<void> {
    const bytes = embeddingBytes(embedding);
    index.reserve(bytes);
    try {
      await askDecoder({ keep: { key, embedding } });
    } catch (error) {
      index.release(bytes);
      throw error;
    }
    index.add(key, frame, bytes);
  }

  async function encode(
    part: Pick<ImageFile, 'path' | 'window'>,
    ...how: [signal: AbortSignal, isForLater: () => boolean]
  ): Promise<EncodedImage> {
    const { encoded } = await encoder.request({ kind: 'encode', ...part }, ...how);
    return encoded!;
  }

  /** The embedding as it was kept, or else encodes, once for all who ask for the same key at the same time. */
  const obtain = (key: string, { path, contentHash, window }: ImageFile, signal?: AbortSignal): Promise<EncodedImage> =>
    encodes.join(
      key,
      async (shared) => {
        const kept = await stored.read(key);
        const image = kept ?? (await encode({ path, window }, shared, () => !awaited.has(key)));
        if (!window) sizes.keep(contentHash, image.frame);
        await hold(key, image);
        if (!kept) stored.keep(key, image);
        return image;
      },
      signal,
    );

  async function embed(file: ImageFile, signal?: AbortSignal): Promise<EmbeddedImage> {
    const key = await keyOf(file);
    const frame = index.use(key) ?? (await awaited.during(key, async () => (await obtain(key, file, signal)).frame));
    return { ...frame, key, file };
  }

  return {
    ready: async () => void (await Promise.all([chosenPrecision, encoder.ready(), decoder.ready()])),
    embed,

    measure: async ({ path, contentHash }, signal) => {
      const known = sizes.find(contentHash);
      if (known) return known;
      const { size } = await encoder.request({ kind: 'measure', path }, signal);
      sizes.keep(contentHash, size!);
      return size!;
    },

    warm: async (file, signal) => {
      const key = await keyOf(file);
      if (!index.use(key)) await obtain(key, file, signal);
    },

    decode: async ({ key, file, ...frame }, prompt, signal) => {
      index.use(key);
      const decode = { key, frame, prompt };
      const answer = await askDecoder({ decode }, signal);
      if (answer.candidates) return answer.candidates;
      // Dropped in the meantime, or lost with the process that held it: this time the embedding goes along with the prompt.
      const { embedding } = await awaited.during(key, () => obtain(key, file, signal));
      const again = await askDecoder({ decode: { ...decode, embedding } }, signal);
      return again.candidates ?? [];
    },

    readEmbedding: async (file, signal) => {
      const { key } = await embed(file, signal);
      const frame = index.use(key);
      const { embedding } = await askDecoder({ read: key }, signal);
      if (frame && embedding) return { frame, embedding };
      return awaited.during(key, () => obtain(key, file, signal));
    },

    forgetEmbedding: async (contentHash) => {
      const prefix = `${contentHash}.`;
      index.removeAll(prefix);
      await stored.removeAll(prefix);
    },

    describe: async () => ({ model: model.id, precision: await chosenPrecision, provider }),

    close: async () => {
      await Promise.all([encoder.close(), decoder.close()]);
      await stored.settled();
    },
  };
}

const windowSuffix = ({ left, top, width, height }: ImageWindow) => `.window-${left}-${top}-${width}-${height}`;
