import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Keeps a folder within a size limit by LRU eviction, based on modification times. A file that a process writes has a
 * name with a leading dot until it is complete.
 */
export interface BoundedFolder {
  /**
   * To be called with the number of bytes after each write. The folder is swept now and then, so it may exceed the
   * limit by a twentieth.
   */
  grew(bytes: number): Promise<void>;
}

/** Age after which an unfinished file is taken to be left by an interrupted process; writing one never takes longer. */
const UNFINISHED_MS = 3_600_000;
/** Share of the limit that is written between two sweeps of the folder, and that a sweep leaves free. */
const SWEEP_PART = 0.05;

/**
 * Creates the limit of a folder.
 *
 * @param keepMs time that files stay after their last use, whatever the limit, in milliseconds
 */
export function createBoundedFolder({
  folder,
  limitBytes,
  keepMs = 0,
}: {
  folder: string;
  limitBytes: number;
  keepMs?: number;
}): BoundedFolder {
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
    const surplus = byUse.filter(({ bytes, usedTime }) => {
      const goes = total > goal && usedTime <= Date.now() - keepMs;
      if (goes) total -= bytes;
      return goes;
    });
    await Promise.all([...abandoned, ...surplus].map(({ name }) => rm(join(folder, name), { force: true })));
  }

  return {
    async grew(bytes) {
      writtenBytes += bytes;
      if (writtenBytes <= limitBytes * SWEEP_PART) return;
      sweeping ??= sweep().finally(() => {
        sweeping = undefined;
      });
      await sweeping;
    },
  };
}

interface KeptFile {
  name: string;
  bytes: number;
  /** Time of the last read or write, in milliseconds since 1970-01-01 UTC. */
  usedTime: number;
}

/** Lists the files of a folder; a file that is deleted meanwhile is left out. */
export async function listFiles(folder: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const name of (await readdir(folder).catch(ignoreMissing)) ?? []) {
    const found = await stat(join(folder, name)).catch(ignoreMissing);
    if (found) files.push({ name, bytes: found.size, usedTime: found.mtimeMs });
  }
  return files;
}

/**
 * Ignores the error of a file that does not exist.
 *
 * @throws any other error, as it is
 */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
