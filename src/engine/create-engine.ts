import { rm } from 'node:fs/promises';
import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize, ModelFrame } from '#geometry/spaces';
import type { Candidate } from '#prompting/decode-prompt';
import { canUseBuckets } from '../models/aspect-buckets.ts';
import type { Model } from '../models/catalogue.ts';
import { choosePrecision, type Precision, type PrecisionSetting } from '../models/choose-precision.ts';
import { embeddingVariant } from '../models/embedding-variant.ts';
import type { ChildLogger, ForkedChild } from '../processes/start-child.ts';
import { createKeyCounter } from '../runtime/key-counter.ts';
import { createSingleFlight } from '../runtime/single-flight.ts';
import { createTemporaryFiles } from '../runtime/temporary-files.ts';
import type { DecodeAnswer, DecodeRequest } from './decoder.ts';
import { createEmbeddingIndex } from './embedding-index.ts';
import type { EncodedImage } from './encoded-image.ts';
import { createEngineProcesses, type EngineProcessesOptions } from './engine-processes.ts';
import { createImageSizes } from './image-sizes.ts';
import { createSingleProcess } from './single-process.ts';
import { createStoredEmbeddings, type EmbeddingStore } from './stored-embeddings.ts';

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

export interface Engine {
  /** Resolves once both graphs are loaded; of a single process the decoder's, its encoder's comes with the image. Throws what keeps them from it. */
  ready(): Promise<void>;
  /** Size of the whole upright image, known or from its header alone. Throws as `embed` does. */
  measure(file: ImageFile, signal?: AbortSignal): Promise<ImageSize>;
  /** Encodes the image unless its embedding is held or kept. Throws the `image-` errors, and what child-process.ts throws. */
  embed(file: ImageFile, signal?: AbortSignal): Promise<EmbeddedImage>;
  /** The same for an image that nobody waits for: all others go first. */
  warm(file: ImageFile, signal?: AbortSignal): Promise<void>;
  /**
   * Candidates for a prompt with at least one foreground point or a box (decode-prompt.ts). Embeds again where it must. Throws as
   * `embed` does, and `unavailable` where the embedding is lost each time before it is used.
   */
  decode(image: EmbeddedImage, prompt: Prompt, signal?: AbortSignal): Promise<Candidate[]>;
  /** The embedding itself. Throws as `embed` does. */
  readEmbedding(file: ImageFile, signal?: AbortSignal): Promise<EncodedImage>;
  /** Lets go of the embeddings of that content, held or kept. */
  forgetEmbedding(contentHash: string): Promise<void>;
  /** What runs once the engine is ready. Nothing else is ever taken in its place: what cannot be had is an error at start. */
  describe(): Promise<EngineState>;
  close(): Promise<void>;
}

export interface EngineOptions {
  model: Model;
  /** Folder of prepared graphs; made if missing, safe to delete. */
  cacheDir: string;
  /** Threads of the encoder. The decoder has half as many. */
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
  /**
   * Where the engine's code is being loaded already (fork-engine.ts): all of it then runs in that single process, and images are opened
   * in the caller's, whom they may harm. For programs that segment one image and end (single-process.ts).
   */
  forkedEngine?: ForkedChild;
  /** Longest time for one request to a process, which then counts as hanging. Default: 30 s. */
  requestLimitMs?: number;
  logger?: ChildLogger;
}

/** Many times what the slowest image takes, and half of a job's time limit, so that the job is done in a new process. */
const REQUEST_LIMIT_MS = 30_000;

/** Tries at an embedding that was dropped, or lost with its process, before it was used. */
const TRIES = 3;

/** The engine: processes for its encoder and its decoder that may die without harm. They start with the first request. */
export function createEngine(options: EngineOptions): Engine {
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
  const index = createEmbeddingIndex(embeddingCacheBytes);
  const passing = createTemporaryFiles('kontur-embeddings');
  const stored = createStoredEmbeddings(options.embeddingStore, passing, logger);
  const encodes = createSingleFlight<ModelFrame>();
  const awaited = createKeyCounter();
  const sizes = createImageSizes();
  const processes: EngineProcessesOptions = {
    model,
    cacheDir,
    threads,
    maxPixels,
    precision,
    provider,
    aspectBuckets,
    limitMs: options.requestLimitMs ?? REQUEST_LIMIT_MS,
    onDecoderStart: index.clear,
    logger,
  };
  const { encoder, decoder } = options.forkedEngine
    ? createSingleProcess(processes, options.forkedEngine)
    : createEngineProcesses(processes);

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

  /** Has the decoder read an embedding of so many bytes from a file. Undefined where it cannot. */
  async function hold(key: string, from: string, bytes: number): Promise<ModelFrame | undefined> {
    index.reserve(bytes);
    const { kept } = await askDecoder({ keep: { key, from } }).catch((error: unknown): DecodeAnswer => {
      index.release(bytes);
      throw error;
    });
    if (kept) index.add(key, kept, bytes);
    else index.release(bytes);
    return kept;
  }

  async function holdStored(key: string, file: string): Promise<ModelFrame | undefined> {
    const bytes = await stored.read(key, file);
    if (bytes === undefined) return undefined;
    const frame = await hold(key, file, bytes);
    // What is damaged would be written over where it is stored.
    if (!frame) await rm(file);
    return frame;
  }

  /** Brings the embedding to the decoder, as it was kept or else encoded, once for all who ask for it at the same time. */
  const obtain = (key: string, { path, contentHash, window }: ImageFile, signal?: AbortSignal): Promise<ModelFrame> =>
    encodes.join(
      key,
      (shared) =>
        passing.during(async (file) => {
          let frame = await holdStored(key, file);
          if (!frame) {
            const request = { kind: 'encode', path, window, to: file } as const;
            const { bytes } = await encoder.request(request, shared, () => !awaited.has(key));
            const [held] = await Promise.all([hold(key, file, bytes!), stored.keep(key, file)]);
            if (!held) throw isLost();
            frame = held;
          }
          if (!window) sizes.keep(contentHash, frame);
          return frame;
        }),
      signal,
    );

  /** Asks the decoder for what takes the embedding, which is brought to it first where it is not there. */
  async function ask(
    { key, file }: Pick<EmbeddedImage, 'key' | 'file'>,
    request: Pick<DecodeRequest, 'decode' | 'read'>,
    signal?: AbortSignal,
  ): Promise<DecodeAnswer> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (!index.use(key)) await awaited.during(key, () => obtain(key, file, signal));
      const answer = await askDecoder(request, signal);
      if (answer.candidates ?? answer.image) return answer;
    }
    throw isLost();
  }

  async function embed(file: ImageFile, signal?: AbortSignal): Promise<EmbeddedImage> {
    const key = await keyOf(file);
    const frame = index.use(key) ?? (await awaited.during(key, () => obtain(key, file, signal)));
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

    decode: async (image, prompt, signal) => {
      const { candidates } = await ask(image, { decode: { key: image.key, prompt } }, signal);
      return candidates!;
    },

    readEmbedding: async (file, signal) => {
      const key = await keyOf(file);
      const { image } = await ask({ key, file }, { read: key }, signal);
      return image!;
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
      await passing.close();
    },
  };
}

const isLost = () =>
  new KonturError('unavailable', 'The engine keeps losing the image before it is used; ask again later.');

const windowSuffix = ({ left, top, width, height }: ImageWindow) => `.window-${left}-${top}-${width}-${height}`;
