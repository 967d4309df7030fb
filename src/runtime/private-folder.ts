import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Every right of the group and of others, as bits of a mode. */
export const RIGHTS_OF_OTHERS = 0o077;

/**
 * Makes a folder that only its owner may look into. One that is there is closed, as are the files and folders right in it; whatever
 * is found open is closed together with all that lies in it, since anyone may have been there.
 *
 * Symbolic links are left alone: where one leads is kept closed by whoever made it. On Windows, where modes say nothing, only the
 * folder is made.
 * @throws Error, in words for the operator, where something open is not this user's to close
 */
export async function openPrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const wasOpen = await closeEntry(folder, (await stat(folder)).mode);
  // Some file systems take every mode and keep none.
  if (wasOpen && isOpen((await stat(folder)).mode)) throw cannotClose(folder, 'its file system keeps no modes');
  await closeContents(folder, wasOpen);
}

/** Closes a file or a folder, with all that lies in it, to everyone but its owner. What is not there needs no closing. */
export async function closeTree(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const found = await lstat(path).catch(ignoreGone);
  if (found === undefined) return;
  await closeEntry(path, found.mode);
  if (found.isDirectory()) await closeContents(path, true);
}

async function closeContents(folder: string, wholly: boolean): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreGone);
  await Promise.all(
    (entries ?? []).map(async (entry) => {
      if (entry.isSymbolicLink()) return;
      const path = join(folder, entry.name);
      const found = await lstat(path).catch(ignoreGone);
      if (found === undefined) return;
      const wasOpen = await closeEntry(path, found.mode);
      if (found.isDirectory() && (wholly || wasOpen)) await closeContents(path, true);
    }),
  );
}

/** Whether the entry was open; it is not any more. */
async function closeEntry(path: string, mode: number): Promise<boolean> {
  if (!isOpen(mode)) return false;
  await chmod(path, mode & 0o7777 & ~RIGHTS_OF_OTHERS).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EPERM') throw cannotClose(path, 'it belongs to another user');
    if (error.code === 'EROFS') throw cannotClose(path, 'its file system can only be read');
    return ignoreGone(error);
  });
  return true;
}

const isOpen = (mode: number) => (mode & RIGHTS_OF_OTHERS) !== 0;

function cannotClose(path: string, reason: string): Error {
  return new Error(
    `Other users of this machine may look into ${path}, which holds keys and photos, and that cannot be changed: ${reason}. ` +
      'Make it yours (chown -R) or move it, or name another data folder in KONTUR_DATA_DIR; a folder inside of it will do.',
  );
}

/** What other processes remove meanwhile, and what this user may not look into anyway. */
function ignoreGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error;
}
