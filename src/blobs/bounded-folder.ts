import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Holds a folder to a limit. What several processes write to it appears under its name when it is whole, and begins with a point
 * until then. Files go that were used longest ago, told by their time of modification.
 */
export interface BoundedFolder {
  /** To be called with what was written. The folder is looked at now and then, so it may exceed the limit by a twentieth. */
  grew(bytes: number): Promise<void>;
}

/** What an interrupted process was writing; nobody takes longer to write one file. */
const UNFINISHED_MS = 3_600_000;
/** Of the limit: what is written between two looks at the folder, and what a sweep leaves free. */
const SWEEP_PART = 0.05;

/** @param keepMs files stay for so long after their last use, whatever the limit */
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
  /** When it was last read, or else written, in milliseconds since 1970-01-01 UTC. */
  usedTime: number;
}

/** The files of a folder; one that goes meanwhile is left out. */
export async function listFiles(folder: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const name of (await readdir(folder).catch(ignoreMissing)) ?? []) {
    const found = await stat(join(folder, name)).catch(ignoreMissing);
    if (found) files.push({ name, bytes: found.size, usedTime: found.mtimeMs });
  }
  return files;
}

export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
