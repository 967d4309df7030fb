import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { persistedSecret } from '../../src/auth/persisted-secret.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kontur-secret-'));
  file = path.join(folder, 'keys', 'secret.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('is made once and then kept, for the owner of the process alone', async () => {
  expect(await persistedSecret(file, () => ({ n: 1 }))).toEqual({ n: 1 });
  expect(await persistedSecret(file, () => ({ n: 2 }))).toEqual({ n: 1 });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

it('is the same for all that ask at once, and leaves no drafts', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, (_, n) => persistedSecret(file, async () => ({ n }))));
  expect(new Set(secrets.map(({ n }) => n)).size).toBe(1);
  expect(await readdir(path.dirname(file))).toEqual(['secret.json']);
});

it('is not created again where the file is damaged', async () => {
  await persistedSecret(file, () => ({ n: 1 }));
  await writeFile(file, '{"n":');
  await expect(persistedSecret(file, () => ({ n: 2 }))).rejects.toThrow(/cannot be read. Restore the file/);
});
