import { deserialize, serialize } from 'node:v8';
import type { ModelFrame } from '../geometry/spaces.ts';
import type { HalfEmbedding } from './half-embedding.ts';
import type { ChildLogger } from './start-child.ts';

/** A store in which embeddings outlive the process, and which other processes may share. It vouches that content is whole. */
export interface EmbeddingStore {
  /** Undefined where there is nothing of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  /** Removes everything whose name begins so. */
  removeAll(prefix: string): Promise<void>;
}

/** An image as the encoder leaves it. */
export interface EncodedImage {
  frame: ModelFrame;
  embedding: HalfEmbedding;
}

/** Embeddings in a store. None of its faults are those of a caller: what cannot be read is encoded again. */
export interface StoredEmbeddings {
  read(key: string): Promise<EncodedImage | undefined>;
  /** Returns at once. */
  keep(key: string, image: EncodedImage): void;
  /** Removes what was kept of every key that begins so. Throws what the store throws. */
  removeAll(prefix: string): Promise<void>;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

export function createStoredEmbeddings(store: EmbeddingStore | undefined, logger?: ChildLogger): StoredEmbeddings {
  const writing = new Set<Promise<void>>();
  const complain = (error: unknown): undefined => {
    logger?.warn({ err: error }, 'the store of embeddings failed; images are encoded instead');
  };

  return {
    async read(key) {
      const content = await store?.read(key).catch(complain);
      return content && parse(content);
    },
    keep(key, image) {
      if (!store) return;
      const written = store.write(key, serialize(image)).catch(complain);
      writing.add(written);
      void written.finally(() => writing.delete(written));
    },
    removeAll: async (prefix) => store?.removeAll(prefix),
    settled: async () => void (await Promise.all(writing)),
  };
}

/** Undefined for what a later version of Node wrote. */
function parse(content: Uint8Array): EncodedImage | undefined {
  try {
    return deserialize(content) as EncodedImage;
  } catch {
    return undefined;
  }
}
