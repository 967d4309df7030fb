import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBoundedFolder, ignoreMissing } from './bounded-folder.ts';
import type { Cache } from './cache.ts';
import { checkedContent, withChecksum } from './checked-content.ts';

/**
 * Keeps contents in a folder, of which several processes may have a hand: files appear when they are whole, and one that is
 * not as it was written is not read. Beyond `limitBytes` those go that were used longest ago (bounded-folder.ts).
 */
export function createCacheFolder({ folder, limitBytes }: { folder: string; limitBytes: number }): Cache {
  const bounded = createBoundedFolder({ folder, limitBytes });

  return {
    async read(name) {
      const path = join(folder, name);
      const file = await readFile(path).catch(ignoreMissing);
      if (!file) return undefined;
      const content = checkedContent(file);
      if (content === undefined) {
        await rm(path, { force: true });
        return undefined;
      }
      const now = new Date();
      await utimes(path, now, now).catch(ignoreMissing);
      return content;
    },

    async write(name, content) {
      if (content.length > limitBytes) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unfinished = join(folder, `.${name}.${randomUUID()}`);
      try {
        await writeFile(unfinished, withChecksum(content), { mode: 0o600 });
        await rename(unfinished, join(folder, name));
      } finally {
        await rm(unfinished, { force: true });
      }
      await bounded.grew(content.length);
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
