import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Contents under names of one's own, which may be gone at any time: what can be made again, and is kept because that takes
 * long. Names are made of letters, digits, `_`, `-` and `.`, and do not begin with a point.
 */
export interface CacheFolder {
  /** Undefined where there is nothing of that name, or it is damaged. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  /** Removes everything whose name begins so. */
  removeAll(prefix: string): Promise<void>;
  /** Every name, in no order. */
  list(): Promise<string[]>;
}

/** SHA-256 of the content, which a file opens with. */
const CHECKSUM_BYTES = 32;
/** What an interrupted process was writing; nobody takes longer to write one file. */
const UNFINISHED_MS = 3_600_000;
/** Of the limit: what is written between two looks at the folder, and what a sweep leaves free. */
const SWEEP_PART = 0.05;

/**
 * Keeps contents in a folder, of which several processes may have a hand: files appear when they are whole, and one that is
 * not as it was written is not read. Beyond `limitBytes` those go that were used longest ago. The folder is looked at now and
 * then, so it may exceed the limit by a twentieth for each process that writes to it.
 */
export function createCacheFolder({ folder, limitBytes }: { folder: string; limitBytes: number }): CacheFolder {
  let writtenBytes = Number.POSITIVE_INFINITY;
  let sweeping: Promise<void> | undefined;

  async function sweep(): Promise<void> {
    writtenBytes = 0;
    const files = await listFiles(folder);
    const isUnfinished = ({ name }: KeptFile) => name.startsWith('.');
    const abandoned = files.filter((file) => isUnfinished(file) && file.usedTime < Date.now() - UNFINISHED_MS);
    const byUse = files.filter((file) => !isUnfinished(file)).sort((a, b) => a.usedTime - b.usedTime);
    let total = byUse.reduce((sum, { bytes }) => sum + bytes, 0);
    const goal = total > limitBytes ? limitBytes * (1 - SWEEP_PART) : limitBytes;
    const surplus = byUse.filter(({ bytes }) => {
      const goes = total > goal;
      if (goes) total -= bytes;
      return goes;
    });
    await Promise.all([...abandoned, ...surplus].map(({ name }) => rm(join(folder, name), { force: true })));
  }

  return {
    async read(name) {
      const path = join(folder, name);
      const file = await readFile(path).catch(ignoreMissing);
      if (!file) return undefined;
      const content = file.subarray(CHECKSUM_BYTES);
      if (!checksum(content).equals(file.subarray(0, CHECKSUM_BYTES))) {
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
        await writeFile(unfinished, Buffer.concat([checksum(content), content]), { mode: 0o600 });
        await rename(unfinished, join(folder, name));
      } finally {
        await rm(unfinished, { force: true });
      }
      writtenBytes += content.length;
      if (writtenBytes <= limitBytes * SWEEP_PART) return;
      sweeping ??= sweep().finally(() => {
        sweeping = undefined;
      });
      await sweeping;
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

interface KeptFile {
  name: string;
  bytes: number;
  /** When it was last read, or else written, in milliseconds since 1970-01-01 UTC. */
  usedTime: number;
}

async function listFiles(folder: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(ignoreMissing);
    if (found) files.push({ name, bytes: found.size, usedTime: found.mtimeMs });
  }
  return files;
}

const checksum = (content: Uint8Array) => createHash('sha256').update(content).digest();

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
