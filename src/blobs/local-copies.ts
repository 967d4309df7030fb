import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../runtime/write-whole-file.ts';
import type { StoredKey } from './blobs.ts';
import { createBoundedFolder, ignoreMissing, listFiles } from './bounded-folder.ts';

/** Local copies of contents, kept in a folder of this machine up to a size limit. */
export interface LocalCopies {
  /** Path of the copy; on a cache miss, `fetch` writes it first. Concurrent calls share one fetch (single flight). */
  path(key: string, fetch: (path: string) => Promise<void>): Promise<string>;
  remove(key: string): Promise<void>;
  /** Every key, in no order; `storedTime` is the time of its last use. */
  list(): AsyncIterable<StoredKey>;
}

/**
 * Creates local copies with LRU eviction beyond `limitBytes`; copies used less than `keepMs` ago stay, as they may be
 * about to be read.
 */
export function createLocalCopies({
  folder,
  limitBytes,
  keepMs,
}: {
  folder: string;
  limitBytes: number;
  keepMs: number;
}): LocalCopies {
  const bounded = createBoundedFolder({ folder, limitBytes, keepMs });
  const fetching = new Map<string, Promise<void>>();

  async function makeCopy(key: string, fetch: (path: string) => Promise<void>): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const bytes = await writeWholeFile(join(folder, key), async (draft) => {
      await fetch(draft);
      return (await stat(draft)).size;
    });
    await bounded.grew(bytes);
  }

  return {
    async path(key, fetch) {
      const path = join(folder, key);
      const now = new Date();
      const isThere = await utimes(path, now, now).then(() => true, ignoreMissing);
      if (isThere) return path;
      const copy = fetching.get(key) ?? makeCopy(key, fetch).finally(() => fetching.delete(key));
      fetching.set(key, copy);
      await copy;
      return path;
    },

    remove: (key) => rm(join(folder, key), { force: true }),

    async *list() {
      for (const { name, usedTime } of await listFiles(folder)) {
        if (!name.startsWith('.')) yield { key: name, storedTime: usedTime };
      }
    },
  };
}
