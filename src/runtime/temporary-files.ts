import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { constants, copyFile, link, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files in the folder for temporary files by which processes hand each other what is large: it does not pass through the server. */
export interface TemporaryFiles {
  /** Removes the file when `use` is over, whoever wrote it. */
  during<Result>(use: (path: string) => Promise<Result>): Promise<Result>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** Makes a folder of that name and an ending of its own when it is first needed, which nobody else may look into. */
export function createTemporaryFiles(name: string): TemporaryFiles {
  let folder: string | undefined;

  return {
    async during(use) {
      // Without waiting, so that work begins in the order in which it was asked for.
      folder ??= mkdtempSync(join(tmpdir(), `${name}-`));
      // Systems tidy away what lies unused among temporary files for some days.
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, randomUUID());
      try {
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },
    async close() {
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Gives a file that does not change any more a second path, where there is nothing yet; where links cannot be, a copy. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EEXIST') throw error;
    // Another file system, or one without links.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
