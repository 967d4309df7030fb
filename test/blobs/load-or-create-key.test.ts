import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadOrCreateKey } from '../../src/blobs/load-or-create-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes a key that only the server’s user can read, and finds it again', async () => {
  const path = join(folder, 'keys', 'links.key');
  const key = await loadOrCreateKey(path);
  expect(key).toHaveLength(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await loadOrCreateKey(path)).toEqual(key);
  expect(await loadOrCreateKey(join(folder, 'other.key'))).not.toEqual(key);
});

it('gives all who ask at once the same key, and leaves no other file', async () => {
  const path = join(folder, 'links.key');
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKey(path)));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['links.key']);
});

it('refuses a file that holds no key', async () => {
  const path = join(folder, 'links.key');
  await writeFile(path, 'abcd\n');
  await expect(loadOrCreateKey(path)).rejects.toThrow(`${path} does not hold a key of 32 bytes`);
});
