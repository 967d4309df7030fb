import type { ChildLogger } from '../processes/start-child.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import { linkOrCopy, type TemporaryFiles } from '../runtime/temporary-files.ts';

/**
 * Packed images (encoded-image.ts) in a store. Errors of reading and writing are not passed on: what cannot be read is
 * encoded again.
 */
export interface StoredEmbeddings {
  /**
   * Copies the stored embedding of a key to a new file; returns its length in bytes. Undefined on a cache miss, or if
   * the store fails.
   */
  read(key: string, to: string): Promise<number | undefined>;
  /** Stores the content of a file. Resolves when the file may be deleted, possibly before the write is done. */
  keep(key: string, file: string): Promise<void>;
  /**
   * Deletes the embeddings of every key with this prefix.
   *
   * @throws what the store throws
   */
  removeAll(prefix: string): Promise<void>;
  /** Resolves when all pending writes are done. */
  settled(): Promise<void>;
}

/** @param files temporary files, for content on its way into the store */
export function createStoredEmbeddings(
  store: FileCache | undefined,
  files: Pick<TemporaryFiles, 'during'>,
  logger?: ChildLogger,
): StoredEmbeddings {
  const writing = new Set<Promise<void>>();
  const complain = (error: unknown): undefined => {
    logger?.warn({ err: error }, 'the store of embeddings failed; images are encoded instead');
  };

  return {
    read: async (key, to) => store?.read(key, to).catch(complain),
    async keep(key, file) {
      if (!store) return;
      await new Promise<void>((resolve) => {
        const written = files
          .during(async (own) => {
            await linkOrCopy(file, own);
            resolve();
            await store.write(key, own);
          })
          .catch(complain)
          .finally(() => {
            writing.delete(written);
            resolve();
          });
        writing.add(written);
      });
    },
    removeAll: async (prefix) => store?.removeAll(prefix),
    settled: async () => void (await Promise.all(writing)),
  };
}
