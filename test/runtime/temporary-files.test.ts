import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkOrCopy } from '../../src/runtime/temporary-files.ts';

/** In memory on Linux, and so another file system than that of most other folders. */
const SHARED_MEMORY = '/dev/shm';

let folder: string;
let elsewhere: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  elsewhere = await mkdtemp(join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'kontur-test-'));
});
afterEach(() => Promise.all([folder, elsewhere].map((each) => rm(each, { recursive: true }))));

describe('linkOrCopy', () => {
  it('gives a file a second path, which stays when the first is removed', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    await writeFile(from, 'content');
    await linkOrCopy(from, to);
    expect((await stat(to)).ino).toBe((await stat(from)).ino);
    await rm(from);
    expect(await readFile(to, 'utf8')).toBe('content');
  });

  it('does so on another file system', async () => {
    const [from, to] = [join(folder, 'from'), join(elsewhere, 'to')];
    await writeFile(from, 'content', { mode: 0o600 });
    await linkOrCopy(from, to);
    await rm(from);
    expect(await readFile(to, 'utf8')).toBe('content');
    expect((await stat(to)).mode & 0o777).toBe(0o600);
  });

  it.each(['folder', 'elsewhere'])('takes the place of no other file (%s)', async (place) => {
    const [from, to] = [join(folder, 'from'), join(place === 'folder' ? folder : elsewhere, 'to')];
    await writeFile(from, 'content');
    await writeFile(to, 'other');
    await expect(linkOrCopy(from, to)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(to, 'utf8')).toBe('other');
  });

  it('says that there is no such file', async () => {
    await expect(linkOrCopy(join(folder, 'none'), join(folder, 'to'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
