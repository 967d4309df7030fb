import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { openPrivateFolder } from '../runtime/private-folder.ts';

/** A lock that is held on a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes a data folder, or closes one that others may look into, and locks it against every other process (and every
 * other caller in this one) until `release()`. The kernel drops the lock when the process dies, however it dies, so a
 * left-over `kontur.lock` never stands in the way.
 *
 * @throws Error that names the process holding the lock, and as `openPrivateFolder` does
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await openPrivateFolder(folder);
  const file = await open(join(folder, 'kontur.lock'), 'a+', 0o600);
  try {
    if (!tryLock(file.fd)) {
      const holder = (await file.readFile('utf8')).trim();
      throw new Error(
        `The data folder ${folder} is in use by another Kontur server${holder === '' ? '' : ` (process ${holder})`}. ` +
          'Stop that server, or give this one a data folder of its own.',
      );
    }
    await file.truncate();
    await file.appendFile(`${process.pid}\n`);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { release: () => file.close() };
}
