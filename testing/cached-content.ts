import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileCache } from '../src/runtime/file-cache.ts';

async function withFile<Result>(use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  try {
    return await use(join(folder, 'content'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Caches bytes through a file, which is deleted afterwards. */
export const keepContent = (cache: Pick<FileCache, 'write'>, name: string, content: Uint8Array): Promise<void> =>
  withFile(async (path) => {
    await writeFile(path, content);
    await cache.write(name, path);
  });

/** Reads the bytes cached under a name; undefined on a cache miss. */
export const keptContent = (cache: Pick<FileCache, 'read'>, name: string): Promise<Uint8Array | undefined> =>
  withFile(async (path) => {
    const length = await cache.read(name, path);
    if (length === undefined) return undefined;
    const content = Uint8Array.from(await readFile(path));
    if (content.length !== length) throw new Error(`${name} has ${content.length} bytes, not ${length}`);
    return content;
  });
