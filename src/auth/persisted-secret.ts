import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Returns the secret stored under a file's name, created by `create` on first use. */
export type KeepSecret = <T>(file: string, create: () => T | Promise<T>) => Promise<T>;

/**
 * Reads the secret stored as JSON in `file`, created by `create` on first use. Only the owner of the process may read
 * the file. Processes that start at once get the same secret: a complete file appears atomically, and the first one
 * stays.
 *
 * @throws Error of the file system, or of `create`
 */
export async function persistedSecret<T>(file: string, create: () => T | Promise<T>): Promise<T> {
  const kept = await readSecret<T>(file);
  if (kept !== undefined) return kept;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(await create(), null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return (await readSecret<T>(file)) as T;
}

async function readSecret<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The secret in ${file} cannot be read. Restore the file, or remove it to have a new one made.`, {
      cause: error,
    });
  }
}
