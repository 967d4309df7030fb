import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;

/**
 * The random key kept in the file at `path`, made on the first call, readable by the server's user alone. Several processes
 * may call it at once: all get the same key.
 * @throws Error where the file holds no such key.
 */
export async function loadOrCreateKey(path: string): Promise<Uint8Array> {
  try {
    return await loadKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await createKey(path);
  return loadKey(path);
}

async function loadKey(path: string): Promise<Uint8Array> {
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `${path} does not hold a key of ${KEY_BYTES} bytes. Restore it, or delete it to have a new one made.`,
    );
  }
  return new Uint8Array(key);
}

/** A link, and not a rename, so that the first of several writers wins and no reader sees half a key. */
async function createKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(unfinished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(unfinished);
  }
}
