import { rm } from 'node:fs/promises';
import { KonturError } from '#contract/errors';
import type { ImageWindow } from '#geometry/image-window';
import type { ModelFrame } from '#geometry/spaces';
import type { ChildProcess } from '../processes/child-process.ts';
import type { ChildLogger } from '../processes/start-child.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import { createKeyCounter } from '../runtime/key-counter.ts';
import { createSingleFlight } from '../runtime/single-flight.ts';
import { createTemporaryFiles } from '../runtime/temporary-files.ts';
import type { DecoderCalls } from './decoder.ts';
import type { EmbeddingIndex } from './embedding-index.ts';
import type { EncoderCalls } from './encoder-child.ts';
import type { ImageFile } from './image-file.ts';
import { HEADER_LIMIT_MS } from './image-limits.ts';
import { createStoredEmbeddings } from './stored-embeddings.ts';

/**
 * The embeddings of images. **Where an embedding comes from**: the decoder process if it holds it (cache hit), else the
 * store, else the encoder process.
 */
export interface Embeddings {
  /**
   * Brings the embedding of an image to the decoder process; concurrent calls share the work (single flight). It may be
   * evicted at any moment: a caller that finds it gone calls again.
   *
   * @param options.isForLater prefetch: other images are encoded first
   * @returns the key of the embedding in the decoder process, and how the image lies in the model's square
   * @throws KonturError of the `image-` group, or what processes/child-process.ts throws
   */
  bring(
    file: ImageFile,
    options?: { signal?: AbortSignal; isForLater?: boolean },
  ): Promise<{ key: string; frame: ModelFrame }>;
  /**
   * Deletes the embeddings of this content from the decoder process and the store.
   *
   * @throws what the store throws
   */
  forget(contentHash: string): Promise<void>;
  /** Resolves when pending writes to the store are done, and deletes temporary files. */
  close(): Promise<void>;
}

/** The processes, the index and the store of embeddings. */
export interface EmbeddingsOptions {
  encoder: Pick<ChildProcess<EncoderCalls>, 'ask'>;
  decoder: Pick<ChildProcess<DecoderCalls>, 'ask'>;
  /** Index of what the decoder process holds; it must be cleared when that process starts. */
  index: EmbeddingIndex;
  /** Identifies what embeddings depend on other than the image (models/embedding-variant.ts). */
  variant: Promise<string>;
  /** Stores embeddings that outlive the process. Default: none. */
  store?: FileCache;
  logger?: ChildLogger;
}

/** Creates the embeddings of an engine over its processes, an index and a store. */
export function createEmbeddings({ encoder, decoder, index, variant, store, logger }: EmbeddingsOptions): Embeddings {
  const temporary = createTemporaryFiles('kontur-embeddings');
  const stored = createStoredEmbeddings(store, temporary, logger);
  const flights = createSingleFlight<ModelFrame>();
  const awaited = createKeyCounter();

  const keyOf = async ({ contentHash, window }: ImageFile): Promise<string> =>
    `${contentHash}.${await variant}${window ? windowSuffix(window) : ''}`;

  const fetch = (key: string, file: ImageFile, signal?: AbortSignal): Promise<ModelFrame> =>
    flights.join(
      key,
      (shared) =>
        temporary.during(
          async (path) => (await takeFromStore(key, path)) ?? (await takeFromEncoder(key, file, path, shared)),
        ),
      signal,
    );

  /** @param path of a file to create */
  async function takeFromStore(key: string, path: string): Promise<ModelFrame | undefined> {
    const bytes = await stored.read(key, path);
    if (bytes === undefined) return undefined;
    const frame = await hold(key, path, bytes);
    // A damaged file would be overwritten while it is linked to the store.
    if (!frame) await rm(path);
    return frame;
  }

  async function takeFromEncoder(key: string, file: ImageFile, to: string, signal: AbortSignal): Promise<ModelFrame> {
    const request = { path: file.path, contentHash: file.contentHash, window: file.window, to };
    const { bytes } = await encoder.ask('encode', request, {
      signal,
      isForLater: () => !awaited.has(key),
      owner: file.owner,
      firstLimitMs: HEADER_LIMIT_MS,
    });
    const [frame] = await Promise.all([hold(key, to, bytes), stored.keep(key, to)]);
    if (!frame) throw embeddingLost();
    return frame;
  }

  /** Makes the decoder process read an embedding of `bytes` bytes from a file; undefined if it cannot. */
  async function hold(key: string, from: string, bytes: number): Promise<ModelFrame | undefined> {
    drop(index.reserve(bytes));
    let frame: ModelFrame | undefined;
    try {
      frame = await decoder.ask('keep', { key, from });
      return frame;
    } finally {
      if (frame) index.add(key, frame, bytes);
      else index.release(bytes);
    }
  }

  function drop(keys: string[]): void {
    // A dead process holds nothing.
    if (keys.length > 0) decoder.ask('drop', { keys }).catch(() => {});
  }

  return {
    async bring(file, { signal, isForLater = false } = {}) {
      const key = await keyOf(file);
      const held = index.use(key);
      if (held) return { key, frame: held };
      const fetchIt = () => fetch(key, file, signal);
      return { key, frame: await (isForLater ? fetchIt() : awaited.during(key, fetchIt)) };
    },

    async forget(contentHash) {
      const prefix = `${contentHash}.`;
      drop(index.removeAll(prefix));
      await stored.removeAll(prefix);
    },

    async close() {
      await stored.settled();
      await temporary.close();
    },
  };
}

/** Creates the error for an embedding that is evicted or lost each time before it is used. */
export const embeddingLost = (): KonturError =>
  new KonturError('unavailable', 'The engine keeps losing the image before it is used; ask again later.');

const windowSuffix = ({ left, top, width, height }: ImageWindow) => `.window-${left}-${top}-${width}-${height}`;
