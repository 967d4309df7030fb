import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Every right of the group and of others, as bits of a mode. */
export const RIGHTS_OF_OTHERS = 0o077;

/**
 * Creates a folder that only its owner can access. An existing folder is made private, as are the files and folders
 * directly in it; an entry found open is made private with everything in it, since anyone may have changed it.
 *
 * Symbolic links are not followed: their targets are protected by their creators. On Windows, where modes have no
 * effect, the folder is only created.
 *
 * @throws Error written for the operator, if an open entry belongs to another user
 */
export async function openPrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const wasOpen = await closeEntry(folder, (await stat(folder)).mode);
  // Some file systems accept every mode and store none.
  if (wasOpen && isOpen((await stat(folder)).mode)) throw cannotClose(folder, 'its file system keeps no modes');
  await closeContents(folder, wasOpen);
}

/** Makes a file or a folder, with everything in it, accessible to its owner only; does nothing if it does not exist. */
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

/** Makes an entry private, and returns whether it was open. */
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

/** Ignores entries that other processes delete meanwhile, and those that this user may not access anyway. */
function ignoreGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error;
}
