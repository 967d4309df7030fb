import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { KonturError } from '#contract/errors';
import { USER_CACHE } from '../config/default-folders.ts';

/**
 * A folder for prepared graphs that can be written: the one that is named; without one the user's, and where that
 * fails, as in a container without a home, one in the temporary folder.
 *
 * @throws KonturError `unavailable` where the named one cannot be written
 */
export async function openCacheFolder(named: string | undefined, temporaryFolder: string): Promise<string> {
  if (named === undefined) return openFolder(USER_CACHE).catch(() => path.join(temporaryFolder, 'cache'));
  return openFolder(path.resolve(named)).catch((cause: NodeJS.ErrnoException) => {
    const message = `The cache folder ${named} cannot be written (${cause.code}): name another (KONTUR_CACHE_DIR, or cacheDir).`;
    throw new KonturError('unavailable', message, { cause });
  });
}

async function openFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.W_OK);
  return folder;
}
