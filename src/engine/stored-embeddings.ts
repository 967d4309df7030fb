import type { ChildLogger } from '../processes/start-child.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import { linkOrCopy, type TemporaryFiles } from '../runtime/temporary-files.ts';

/** Packed images (encoded-image.ts) in a store. None of its faults are those of a caller: what cannot be read is encoded again. */
export interface StoredEmbeddings {
  /**
   * Puts what is kept of a key into a file where there is nothing; its length in bytes. Undefined where nothing is kept, or the store fails.
   */
  read(key: string, to: string): Promise<number | undefined>;
  /** Keeps what is in a file. Resolves when the file may go, before it is kept. */
  keep(key: string, file: string): Promise<void>;
  /**
   * Removes what was kept of every key that begins so.
   * @throws what the store throws
   */
  removeAll(prefix: string): Promise<void>;
  /** Resolves when everything is kept. */
  settled(): Promise<void>;
}

/** @param files where a file stays that is on its way into the store */
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
