import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCacheFolder } from '../../src/blobs/cache-folder.ts';
import { keepContent, keptContent } from '../../testing/cached-content.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'kontur-cache-')), 'kept');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
/** Makes a file look as if it was last used that many minutes ago. */
const age = (name: string, minutes: number) => {
  const time = new Date(Date.now() - minutes * 60_000);
  return utimes(join(folder, name), time, time);
};

describe('createCacheFolder', () => {
  it('has what was written, also for another process and after a restart', async () => {
    const cache = createCacheFolder({ folder, limitBytes: 1000 });
    expect(await keptContent(cache, 'a')).toBeUndefined();
    expect(await cache.list()).toEqual([]);
    await keepContent(cache, 'a', bytes(10, 1));
    await keepContent(cache, 'b', bytes(20, 2));
    await keepContent(cache, 'a', bytes(30, 3));
    const other = createCacheFolder({ folder, limitBytes: 1000 });
    expect(await keptContent(other, 'a')).toEqual(bytes(30, 3));
    expect(await keptContent(other, 'b')).toEqual(bytes(20, 2));
    expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
  });

  it('puts nothing in the place of another file', async () => {
    const cache = createCacheFolder({ folder, limitBytes: 1000 });
    await keepContent(cache, 'a', bytes(10, 1));
    const other = join(folder, '..', 'other');
    await writeFile(other, 'other');
    await expect(cache.read('a', other)).rejects.toThrow('EEXIST');
    expect(await readFile(other, 'utf8')).toBe('other');
  });

  it('lets those go that were used longest ago', async () => {
    const cache = createCacheFolder({ folder, limitBytes: 1000 });
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      await keepContent(cache, name, bytes(332, i));
      await age(name, 30 - i);
    }
    await keptContent(cache, 'a');
    await keepContent(cache, 'd', bytes(332, 9));
    expect((await cache.list()).sort()).toEqual(['a', 'd']);
    const total = (await Promise.all((await cache.list()).map((name) => readFile(join(folder, name))))).flat();
    expect(Buffer.concat(total).length).toBeLessThanOrEqual(1000);
  });

  it('stays near its limit when several processes write at once', async () => {
    const caches = [1, 2, 3].map(() => createCacheFolder({ folder, limitBytes: 10_000 }));
    for (let round = 0; round < 60; round++) {
      await Promise.all(caches.map((cache, i) => keepContent(cache, `${i}-${round}`, bytes(200, i))));
    }
    const names = await caches[0]!.list();
    expect(names.length * 200).toBeLessThanOrEqual(10_000 * 1.15 + 200);
    expect(names.length * 200).toBeGreaterThan(5_000);
  });

  it('does not keep what is larger than the whole limit', async () => {
    const cache = createCacheFolder({ folder, limitBytes: 100 });
    await keepContent(cache, 'a', bytes(101, 1));
    expect(await cache.list()).toEqual([]);
  });

  it('removes by the beginning of the name', async () => {
    const cache = createCacheFolder({ folder, limitBytes: 1000 });
    await cache.removeAll('a.');
    for (const name of ['a.1', 'a.2', 'ab.1']) await keepContent(cache, name, bytes(1, 1));
    await cache.removeAll('a.');
    expect(await cache.list()).toEqual(['ab.1']);
  });

  it('takes away what an interrupted process was writing, but not what one is writing', async () => {
    const cache = createCacheFolder({ folder, limitBytes: 1000 });
    await keepContent(cache, 'a', bytes(1, 1));
    await writeFile(join(folder, '.b.old'), 'half');
    await age('.b.old', 120);
    await writeFile(join(folder, '.b.new'), 'half');
    await keepContent(createCacheFolder({ folder, limitBytes: 1000 }), 'c', bytes(1, 1));
    expect((await readdir(folder)).sort()).toEqual(['.b.new', 'a', 'c']);
    expect((await cache.list()).sort()).toEqual(['a', 'c']);
  });

  it('says why it cannot be written to', async () => {
    await writeFile(folder, 'in the way');
    const cache = createCacheFolder({ folder, limitBytes: 1000 });
    await expect(keepContent(cache, 'a', bytes(1, 1))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
