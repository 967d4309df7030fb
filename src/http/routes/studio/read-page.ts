import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The built page, which names all of its other files by their content; undefined where it has not been built. */
export async function readPage(folder: string): Promise<string | undefined> {
  return readFile(path.join(folder, 'index.html'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
}

/** Short name of a built page: another one means that a page came from other files than those the server has now. */
export const nameBuild = (page: string): string => createHash('sha256').update(page).digest('hex').slice(0, 16);
