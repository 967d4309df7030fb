import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileCache } from '../runtime/file-cache.ts';
import { linkOrCopy } from '../runtime/temporary-files.ts';
import { writeWholeFile } from '../runtime/write-whole-file.ts';
import { createBoundedFolder, ignoreMissing } from './bounded-folder.ts';

/**
 * Caches files in a folder that several processes may share: files appear only when they are complete. Beyond
 * `limitBytes` the least recently used are deleted (bounded-folder.ts).
 */
export function createCacheFolder({ folder, limitBytes }: { folder: string; limitBytes: number }): FileCache {
  const bounded = createBoundedFolder({ folder, limitBytes });

  return {
    async read(name, to) {
      const path = join(folder, name);
      const now = new Date();
      const isThere = await utimes(path, now, now)
        .then(() => linkOrCopy(path, to))
        .then(() => true, ignoreMissing);
      return isThere ? (await stat(to)).size : undefined;
    },

    async write(name, from) {
      const { size } = await stat(from);
      if (size > limitBytes) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWholeFile(join(folder, name), (draft) => linkOrCopy(from, draft));
      await bounded.grew(size);
    },

    async removeAll(prefix) {
      const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
      const meant = names.filter((name) => name.startsWith(prefix));
      await Promise.all(meant.map((name) => rm(join(folder, name), { force: true })));
    },

    async list() {
      const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
      return names.filter((name) => !name.startsWith('.'));
    },
  };
}
