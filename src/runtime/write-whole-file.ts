import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file or a folder that appears under its name only when it is complete; a file then replaces what was there.
 * What has been written is deleted if the writing fails.
 *
 * @param write writes to the path that it is given
 * @param draft that path, on the same file system. Default: a hidden one in the same folder, where nothing exists
 * @throws what `write` throws; Error of the file system
 */
export async function writeWholeFile<Result>(
  path: string,
  write: (draft: string) => Promise<Result>,
  draft: string = join(dirname(path), `.${basename(path)}.${randomUUID()}`),
): Promise<Result> {
  try {
    const result = await write(draft);
    await rename(draft, path);
    return result;
  } catch (error) {
    // What cannot be deleted either says less than what failed first.
    await rm(draft, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}
