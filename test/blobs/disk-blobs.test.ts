import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Blobs } from '../../src/blobs/blobs.ts';
import { createDiskBlobs } from '../../src/blobs/disk-blobs.ts';

let folder: string;
let blobs: Blobs;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-blobs-'));
  blobs = await createDiskBlobs(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const storedFiles = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

it('stores a stream under a new key with its size and SHA-256, and gives it back', async () => {
  const content = randomBytes(300_000);
  const blob = await blobs.write(Readable.from([content.subarray(0, 7), content.subarray(7)]), content.length);
  expect(blob).toMatchObject({ bytes: 300_000, sha256: createHash('sha256').update(content).digest('hex') });
  expect(await buffer(blobs.read(blob.key))).toEqual(content);
  expect(await readFile(await blobs.localPath(blob.key))).toEqual(content);
  expect(await storedFiles()).toEqual([blob.key]);
});

it('stores nothing as an empty blob', async () => {
  const blob = await blobs.write(Readable.from([]), 10);
  expect(blob.bytes).toBe(0);
  expect(await buffer(blobs.read(blob.key))).toHaveLength(0);
});

it('keeps equal contents apart, so that removing one leaves the other', async () => {
  const [one, other] = await Promise.all([
    blobs.write(Readable.from([Buffer.from('same')]), 10),
    blobs.write(Readable.from([Buffer.from('same')]), 10),
  ]);
  expect(one.sha256).toBe(other.sha256);
  await blobs.remove(one.key);
  await blobs.remove(one.key);
  expect(await storedFiles()).toEqual([other.key]);
});

it('refuses content over the limit, leaves nothing behind and the stream alive', async () => {
  const stream = new PassThrough();
  stream.write(Buffer.alloc(11));
  await expect(blobs.write(stream, 10)).rejects.toMatchObject({ code: 'body-too-large', status: 413 });
  expect(stream.destroyed).toBe(false);
  expect(await storedFiles()).toEqual([]);
});

it('leaves nothing behind when the stream fails', async () => {
  const failing = Readable.from(
    (async function* () {
      yield Buffer.alloc(1000);
      throw new Error('the source broke');
    })(),
  );
  await expect(blobs.write(failing, 10_000)).rejects.toThrow('the source broke');
  expect(await storedFiles()).toEqual([]);
});

it('leaves nothing behind when a client goes away in the middle of an upload', async () => {
  const outcomes: Promise<unknown>[] = [];
  const server = createServer((incoming) => {
    const written = blobs.write(incoming, 10_000_000);
    outcomes.push(
      written.then(
        () => 'stored',
        () => 'refused',
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = request({ port, method: 'PUT', headers: { 'content-length': 1_000_000 } });
  client.on('error', () => {});
  client.write(Buffer.alloc(200_000));
  while ((await storedFiles()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  client.destroy();
  expect(await Promise.all(outcomes)).toEqual(['refused']);
  expect(await storedFiles()).toEqual([]);
  server.close();
});

it('does not hold a large upload in memory', async () => {
  const MEBIBYTE = 1024 * 1024;
  const before = process.memoryUsage.rss();
  let peak = 0;
  const stream = Readable.from(
    (function* () {
      for (let count = 0; count < 400; count++) {
        peak = Math.max(peak, process.memoryUsage.rss() - before);
        yield Buffer.alloc(MEBIBYTE, count);
      }
    })(),
  );
  expect((await blobs.write(stream, 400 * MEBIBYTE)).bytes).toBe(400 * MEBIBYTE);
  expect(peak).toBeLessThan(200 * MEBIBYTE);
});

it('clears away at the start what a killed process was writing, and keeps what it had written', async () => {
  const { key } = await blobs.write(Readable.from([Buffer.from('kept')]), 10);
  await writeFile(join(folder, 'tmp', 'half-an-upload'), 'half');
  const reopened = await createDiskBlobs(folder);
  expect(await storedFiles()).toEqual([key]);
  expect(await buffer(reopened.read(key))).toEqual(Buffer.from('kept'));
});

it('fails to read what is not there', async () => {
  await expect(buffer(blobs.read('0'.repeat(32)))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('lists every key, with the time it was stored, and nothing that is not whole', async () => {
  const before = Date.now();
  const stored = await Promise.all(['a', 'b', 'c'].map((text) => blobs.write(Readable.from([Buffer.from(text)]), 10)));
  await writeFile(join(folder, 'tmp', 'half-an-upload'), 'half');
  await blobs.remove(stored[0]!.key);
  const listed: { key: string; storedTime: number }[] = [];
  for await (const entry of blobs.list()) listed.push(entry);
  expect(listed.map(({ key }) => key).sort()).toEqual([stored[1]!.key, stored[2]!.key].sort());
  // Clocks of file systems are coarse.
  for (const { storedTime } of listed) expect(Math.abs(storedTime - before)).toBeLessThan(60_000);
});
