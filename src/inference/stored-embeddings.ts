import { readFile } from 'node:fs/promises';
import type { ChildLogger } from './start-child.ts';

/** A store in which embeddings outlive the process, and which other processes may share. It vouches that content is whole. */
export interface EmbeddingStore {
  /** Undefined where there is nothing of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  /** Removes everything whose name begins so. */
  removeAll(prefix: string): Promise<void>;
}

/** Packed images (encoded-image.ts) in a store. None of its faults are those of a caller: what cannot be read is encoded again. */
export interface StoredEmbeddings {
  read(key: string): Promise<Uint8Array | undefined>;
  /** Keeps what is in a file. Resolves when the file has been read, before all is written. */
  keep(key: string, file: string): Promise<void>;
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
    read: async (key) => store?.read(key).catch(complain),
    async keep(key, file) {
      const content = store && (await readFile(file).catch(complain));
      if (!content) return;
      const written = store.write(key, content).catch(complain);
      writing.add(written);
      void written.finally(() => writing.delete(written));
    },
    removeAll: async (prefix) => store?.removeAll(prefix),
    settled: async () => void (await Promise.all(writing)),
  };
}
