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
import { createStoredEmbeddings } from './stored-embeddings.ts';

/** Where the embedding of an image comes from: from the decoder process that holds it, else from the store, else from the encoder. */
export interface Embeddings {
  /**
   * Brings the embedding of an image to the decoder process, once for all who ask for it at the same time. It may have to leave again
   * at any moment: who finds it gone brings it again.
   *
   * @param options.isForLater nobody waits for it: other images are encoded first
   * @returns the key by which the decoder process holds it, and how the image lies in the model's square
   * @throws KonturError of the `image-` group, or what processes/child-process.ts throws
   */
  bring(
    file: ImageFile,
    options?: { signal?: AbortSignal; isForLater?: boolean },
  ): Promise<{ key: string; frame: ModelFrame }>;
  /**
   * Lets go of the embeddings of that content, wherever they are.
   * @throws what the store throws
   */
  forget(contentHash: string): Promise<void>;
  /** Resolves when everything is stored that was to be, and removes temporary files. */
  close(): Promise<void>;
}

export interface EmbeddingsOptions {
  encoder: Pick<ChildProcess<EncoderCalls>, 'ask'>;
  decoder: Pick<ChildProcess<DecoderCalls>, 'ask'>;
  /** What the decoder process holds; it has to be cleared when that starts. */
  index: EmbeddingIndex;
  /** Names what embeddings depend on beside the image (models/embedding-variant.ts). */
  variant: Promise<string>;
  /** Where embeddings are kept beyond the process. Default: nowhere. */
  store?: FileCache;
  logger?: ChildLogger;
}

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

  /** @param path a file that it may be put into, where there is nothing yet */
  async function takeFromStore(key: string, path: string): Promise<ModelFrame | undefined> {
    const bytes = await stored.read(key, path);
    if (bytes === undefined) return undefined;
    const frame = await hold(key, path, bytes);
    // What is damaged would be written over where it is stored.
    if (!frame) await rm(path);
    return frame;
  }

  async function takeFromEncoder(key: string, file: ImageFile, to: string, signal: AbortSignal): Promise<ModelFrame> {
    const request = { path: file.path, window: file.window, to };
    const { bytes } = await encoder.ask('encode', request, { signal, isForLater: () => !awaited.has(key) });
    const [frame] = await Promise.all([hold(key, to, bytes), stored.keep(key, to)]);
    if (!frame) throw embeddingLost();
    return frame;
  }

  /** Has the decoder process read an embedding of so many bytes from a file. Undefined where it cannot. */
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
    // A process that is gone holds nothing.
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

export const embeddingLost = (): KonturError =>
  new KonturError('unavailable', 'The engine keeps losing the image before it is used; ask again later.');

const windowSuffix = ({ left, top, width, height }: ImageWindow) => `.window-${left}-${top}-${width}-${height}`;
