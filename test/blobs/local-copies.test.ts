import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLocalCopies } from '../../src/blobs/local-copies.ts';
import { createS3Blobs } from '../../src/blobs/s3-blobs.ts';
import { openS3Bucket } from '../../src/blobs/s3-bucket.ts';
import { startS3Server } from '../../testing/s3-server.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'kontur-copies-')), 'copies');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const KEEP_MS = 60_000;
const open = () => createLocalCopies({ folder, limitBytes: 1000, keepMs: KEEP_MS });
const fetchOf = (length: number) => (path: string) => writeFile(path, Buffer.alloc(length));
const refuse = () => Promise.reject(new Error('nothing was to be fetched'));
/** Makes a copy look as if it was last used so long ago. */
const age = (key: string, ms: number) => {
  const time = new Date(Date.now() - ms);
  return utimes(join(folder, key), time, time);
};

describe('createLocalCopies', () => {
  it('fetches once, however many ask, and has it after a restart', async () => {
    const copies = open();
    let fetched = 0;
    const fetch = async (path: string) => {
      fetched += 1;
      await fetchOf(10)(path);
    };
    const paths = await Promise.all(Array.from({ length: 5 }, () => copies.path('a', fetch)));
    expect(fetched).toBe(1);
    expect(await readFile(paths[4]!)).toHaveLength(10);
    expect(await open().path('a', refuse)).toBe(paths[0]);
    await copies.remove('a');
    await expect(copies.path('a', refuse)).rejects.toThrow('nothing was to be fetched');
  });

  it('leaves nothing of what fails half-way, and tries again', async () => {
    const copies = open();
    const half = async (path: string) => {
      await fetchOf(5)(path);
      throw new Error('broke off');
    };
    await expect(copies.path('a', half)).rejects.toThrow('broke off');
    expect(await readdir(folder)).toEqual([]);
    expect(await readFile(await copies.path('a', fetchOf(10)))).toHaveLength(10);
  });

  it('holds its limit, but what was used just now stays', async () => {
    const copies = open();
    for (const key of ['a', 'b', 'c', 'd']) await copies.path(key, fetchOf(300));
    expect((await readdir(folder)).sort()).toEqual(['a', 'b', 'c', 'd']);
    await age('a', 4 * KEEP_MS);
    await age('b', 3 * KEEP_MS);
    await age('c', 2 * KEEP_MS);
    await copies.path('a', refuse);
    await copies.path('e', fetchOf(300));
    expect((await readdir(folder)).sort()).toEqual(['a', 'd', 'e']);
    const listed = await Readable.from(copies.list()).toArray();
    expect(listed.map(({ key }) => key).sort()).toEqual(['a', 'd', 'e']);
  });

  it('takes nothing from a bucket that is not what was stored', async () => {
    const server = await startS3Server();
    Object.assign(process.env, server.environment);
    const bucket = await openS3Bucket(server.location(''));
    const copies = open();
    const blobs = createS3Blobs({ bucket, folder: 'contents', copies });
    const { key, sha256 } = await blobs.write(Readable.from([Buffer.from('content')]), 100);
    await bucket.put(`contents/${key}`, Buffer.from('other'));
    await expect(blobs.localPath(key, sha256)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readdir(folder)).toEqual([]);
    await bucket.put(`contents/${key}`, Buffer.from('content'));
    expect(await readFile(await blobs.localPath(key, sha256), 'utf8')).toBe('content');
    await server.cut();
    expect(await readFile(await blobs.localPath(key, sha256), 'utf8')).toBe('content');
    await server.close();
  });

  it('gives up a fetch that stands still', async () => {
    const silent = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('the beginning');
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const bucket = await openS3Bucket({ bucket: 'silent', prefix: '', endpoint });
    const blobs = createS3Blobs({ bucket, folder: 'contents', copies: open(), stallLimitMs: 50 });
    await expect(blobs.localPath('a', 'b')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readdir(folder)).toEqual([]);
    vi.unstubAllEnvs();
    silent.closeAllConnections();
    silent.close();
  });
});
