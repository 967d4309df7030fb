import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Blobs } from '../../src/blobs/blobs.ts';
import { createDiskBlobs } from '../../src/blobs/disk-blobs.ts';
import { liveBufferBytes } from '../../testing/live-buffers.ts';

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

it('does not hold a large upload in memory', async () => {
  const MEBIBYTE = 1024 * 1024;
  const before = liveBufferBytes();
  let most = 0;
  const stream = Readable.from(
    (function* () {
      for (let count = 0; count < 64; count++) {
        if (count % 8 === 7) most = Math.max(most, liveBufferBytes() - before);
        yield Buffer.alloc(MEBIBYTE, count);
      }
    })(),
  );
  expect((await blobs.write(stream, 64 * MEBIBYTE)).bytes).toBe(64 * MEBIBYTE);
  expect(most).toBeLessThan(24 * MEBIBYTE);
});

it('clears away at the start what a killed process was writing, and keeps what it had written', async () => {
  const { key } = await blobs.write(Readable.from([Buffer.from('kept')]), 10);
  await writeFile(join(folder, 'tmp', 'half-an-upload'), 'half');
  const reopened = await createDiskBlobs(folder);
  expect(await storedFiles()).toEqual([key]);
  expect(await buffer(reopened.read(key))).toEqual(Buffer.from('kept'));
});

it('lists nothing that is not whole', async () => {
  await writeFile(join(folder, 'tmp', 'half-an-upload'), 'half');
  expect(await Readable.from(blobs.list()).toArray()).toEqual([]);
});
