import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file that appears under its name only when it is complete, and then replaces what was there. Until then it
 * is a hidden file in the same folder, which is deleted if the writing fails.
 *
 * @param write writes the file at the path that it is given, where nothing exists
 */
export async function writeWholeFile<Result>(path: string, write: (draft: string) => Promise<Result>): Promise<Result> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const result = await write(draft);
    await rename(draft, path);
    return result;
  } finally {
    await rm(draft, { force: true });
  }
}
