import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { constants, copyFile, link, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Temporary files by which processes pass large data to each other, so that it does not pass through the server. */
export interface TemporaryFiles {
  /** Passes the path of a new temporary file to `use`, and deletes the file afterwards, whichever process wrote it. */
  during<Result>(use: (path: string) => Promise<Result>): Promise<Result>;
  /** Deletes the folder with its files. */
  close(): Promise<void>;
}

/**
 * Creates a folder for temporary files on first use, with that name and a random suffix, which only its owner can
 * access.
 */
export function createTemporaryFiles(name: string): TemporaryFiles {
  let folder: string | undefined;

  return {
    async during(use) {
      // Synchronously, so that work begins in the order in which it was asked for.
      folder ??= mkdtempSync(join(tmpdir(), `${name}-`));
      // Systems delete temporary files that are unused for some days.
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

/**
 * Hard-links a file that does not change any more to a path where nothing exists; copies it if links are not possible.
 *
 * @throws Error of the file system, such as ENOENT or EEXIST
 */
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
