import { existsSync } from 'node:fs';
import { canUseBuckets } from '../models/aspect-buckets.ts';
import { choosePrecision } from '../models/choose-precision.ts';
import { embeddingVariant } from '../models/embedding-variant.ts';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import type { PortableDecoder } from '../models/prepare-model.ts';
import type { ChildLogger } from '../processes/start-child.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import { createEmbeddings, embeddingLost } from './create-embeddings.ts';
import { createDecodeInSteps } from './decode-in-steps.ts';
import { createEmbeddingIndex } from './embedding-index.ts';
import type { Engine } from './engine.ts';
import { createEngineProcesses } from './engine-processes.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { ImageFile } from './image-file.ts';
import { HEADER_LIMIT_MS } from './image-limits.ts';
import { createImageSizes } from './image-sizes.ts';
import { createSingleProcess } from './single-process.ts';

/** Settings of an engine, and of its caches and processes. */
export interface EngineOptions {
  settings: EngineSettings;
  /** Memory for embeddings in the decoder process, in bytes; one embedding is held in any case. */
  embeddingCacheBytes: number;
  /** Stores embeddings that outlive the process. Default: none. */
  embeddingStore?: FileCache;
  /**
   * Runs encoder and decoder in one process and opens images in the caller's process, which hostile bytes may harm: for
   * programs that segment one image and end (single-process.ts). Default: false.
   */
  singleProcess?: boolean;
  /** Longest time for one call to a process, which then counts as hanging. Default: 30 s. */
  callLimitMs?: number;
  logger?: ChildLogger;
}

/** Many times what the slowest image takes. */
const CALL_LIMIT_MS = 30_000;

/** Tries to use an embedding that may be evicted before it is used. */
const TRIES = 3;

/**
 * Creates the engine: child processes for encoder and decoder, started with the first call and restarted if they die.
 */
export function createEngine(options: EngineOptions): Engine {
  const { settings, logger } = options;
  const { model, provider } = settings;
  const index = createEmbeddingIndex(options.embeddingCacheBytes);
  let decoderStarts = 0;
  const createProcesses = options.singleProcess ? createSingleProcess : createEngineProcesses;
  const { encoder, decoder } = createProcesses(settings, {
    limitMs: options.callLimitMs ?? CALL_LIMIT_MS,
    onDecoderStart: () => {
      index.clear();
      decoderStarts++;
    },
    logger,
  });
  const chosenPrecision = choosePrecision({ ...settings, flavour: model.flavour });
  const hasBuckets = settings.aspectBuckets && canUseBuckets(model, provider);
  const variant = chosenPrecision.then((precision) => embeddingVariant(model, { precision, provider, hasBuckets }));
  // Each caller that awaits it, and `ready`, gets the error.
  variant.catch(() => {});
  const embeddings = createEmbeddings({ encoder, decoder, index, variant, store: options.embeddingStore, logger });
  const decodeInSteps = createDecodeInSteps(decoder);
  const sizes = createImageSizes();

  /** Brings the embedding to the decoder; its frame also has the size of the image. */
  async function bring(file: ImageFile, options: { signal?: AbortSignal; isForLater?: true }) {
    const held = await embeddings.bring(file, options);
    if (!file.window) sizes.keep(file.contentHash, held.frame);
    return held;
  }

  /** Runs a call to the decoder that needs an embedding; retries while it answers undefined, which means evicted. */
  async function askAbout<Answer>(
    file: ImageFile,
    ask: (key: string) => Promise<Answer | undefined>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    for (let tries = 0; tries < TRIES; ) {
      const starts = decoderStarts;
      const { key } = await bring(file, { signal });
      const answer = await ask(key);
      if (answer !== undefined) return answer;
      // An embedding lost with its process, which another prompt may have ended, says nothing about this image.
      if (decoderStarts === starts) tries++;
    }
    throw embeddingLost();
  }

  const describe = async () => ({ model: model.id, precision: await chosenPrecision, provider });

  return {
    ready: async () => void (await Promise.all([chosenPrecision, encoder.ready(), decoder.ready()])),

    measure: async ({ path, contentHash, owner }, signal) => {
      const known = sizes.find(contentHash);
      if (known) return known;
      const size = await encoder.ask('measure', { path }, { signal, owner, firstLimitMs: HEADER_LIMIT_MS });
      sizes.keep(contentHash, size);
      return size;
    },

    embed: async (file, signal) => (await bring(file, { signal })).frame,
    warm: async (file, signal) => void (await bring(file, { signal, isForLater: true })),
    decode: (file, prompt, signal) => {
      const deaths = { count: 0 };
      return askAbout(file, (key) => decodeInSteps({ key, prompt }, { signal, deaths }), signal);
    },
    readEmbedding: (file, signal) => askAbout(file, (key) => decoder.ask('read', { key }, { signal }), signal),
    forgetEmbedding: embeddings.forget,
    describe,
    describeModel: async () => ({
      ...(await describe()),
      flavour: model.flavour,
      takesLogits: findFlavour(model.flavour).takesLogits,
      preprocessing: { version: model.preprocessing.version, fit: model.preprocessing.fit },
      variant: await variant,
    }),
    exportDecoder: createExport(() => decoder.ask('exportGraph', undefined)),

    close: async () => {
      await Promise.all([encoder.close(), decoder.close()]);
      await embeddings.close();
    },
  };
}

/** Exports once, and again where the file was deleted since or exporting failed. */
function createExport(
  exportGraph: () => Promise<PortableDecoder | undefined>,
): () => Promise<PortableDecoder | undefined> {
  let last: Promise<PortableDecoder | undefined> | undefined;
  return async () => {
    const known = await last?.catch(() => undefined);
    if (known !== undefined && existsSync(known.path)) return known;
    if (known !== undefined) last = undefined;
    last ??= exportGraph();
    last.catch(() => {
      last = undefined;
    });
    return last;
  };
}
