import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Blobs } from '../../src/blobs/blobs.ts';
import { openTestBlobs, STORE_KINDS, type TestBlobs } from '../../testing/test-blobs.ts';
import { until } from '../../testing/test-jobs.ts';

describe.each(STORE_KINDS)('contents on %s', (kind) => {
  let test: TestBlobs;
  let blobs: Blobs;
  beforeEach(async () => {
    test = await openTestBlobs(kind);
    blobs = test.blobs;
  });
  afterEach(() => test.remove());

  const write = (text: string) => blobs.write(Readable.from([Buffer.from(text)]), 1000);

  it('are stored under a new key with their size and SHA-256, and given back', async () => {
    const content = randomBytes(300_000);
    const blob = await blobs.write(Readable.from([content.subarray(0, 7), content.subarray(7)]), content.length);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(blob).toEqual({ key: expect.stringMatching(/^[0-9a-f]{32}$/), bytes: 300_000, sha256 });
    expect(await buffer(blobs.read(blob.key))).toEqual(content);
    expect(await readFile(await blobs.localPath(blob.key, sha256))).toEqual(content);
    expect(await test.storedKeys()).toEqual([blob.key]);
  });

  it('may be larger than one part of an upload', async () => {
    const content = randomBytes(12_000_000);
    const pieces = Array.from({ length: 12 }, (_, n) => content.subarray(n * 1_000_000, (n + 1) * 1_000_000));
    const { key, sha256, bytes } = await blobs.write(Readable.from(pieces), 20_000_000);
    expect(bytes).toBe(content.length);
    expect(content.equals(await buffer(blobs.read(key)))).toBe(true);
    expect(content.equals(await readFile(await blobs.localPath(key, sha256)))).toBe(true);
  });

  it('may be empty', async () => {
    const blob = await blobs.write(Readable.from([]), 10);
    expect(blob.bytes).toBe(0);
    expect(await buffer(blobs.read(blob.key))).toHaveLength(0);
  });

  it('are apart where they are equal, so that removing one leaves the other', async () => {
    const [one, other] = await Promise.all([write('same'), write('same')]);
    expect(one.sha256).toBe(other.sha256);
    await blobs.remove(one.key);
    await blobs.remove(one.key);
    expect(await test.storedKeys()).toEqual([other.key]);
    await expect(buffer(blobs.read(one.key))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(blobs.localPath(one.key, one.sha256)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('are refused over the limit: nothing is left behind, and the stream alive', async () => {
    for (const limit of [10, 11_000_000]) {
      const stream = new PassThrough();
      const refused = expect(blobs.write(stream, limit)).rejects.toMatchObject({ code: 'body-too-large', status: 413 });
      stream.write(Buffer.alloc(limit + 1));
      await refused;
      expect(stream.destroyed).toBe(false);
    }
    expect(await test.storedKeys()).toEqual([]);
  });

  it('leave nothing behind when the stream fails', async () => {
    for (const length of [1000, 11_000_000]) {
      const failing = Readable.from(
        (async function* () {
          yield Buffer.alloc(length);
          throw new Error('the source broke');
        })(),
      );
      await expect(blobs.write(failing, 20_000_000)).rejects.toThrow('the source broke');
    }
    expect(await test.storedKeys()).toEqual([]);
  });

  it('leave nothing behind when a client goes away in the middle of an upload', async () => {
    let written: Promise<unknown> | undefined;
    let received = 0;
    const server = createServer((incoming) => {
      written = blobs.write(incoming, 10_000_000).then(
        () => 'stored',
        () => 'refused',
      );
      incoming.on('data', (chunk) => {
        received += chunk.length;
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = request({ port, method: 'PUT', headers: { 'content-length': 1_000_000 } });
    client.on('error', () => {});
    client.write(Buffer.alloc(200_000));
    await until(() => received > 0);
    client.destroy();
    expect(await written).toBe('refused');
    expect(await test.storedKeys()).toEqual([]);
    server.close();
  });

  it('are listed with the time they were stored', async () => {
    const before = Date.now();
    const stored = await Promise.all(['a', 'b', 'c'].map(write));
    await blobs.remove(stored[0]!.key);
    const listed: { key: string; storedTime: number }[] = await Readable.from(blobs.list()).toArray();
    expect(listed.map(({ key }) => key).sort()).toEqual([stored[1]!.key, stored[2]!.key].sort());
    // Clocks of file systems are coarse.
    for (const { storedTime } of listed) expect(Math.abs(storedTime - before)).toBeLessThan(60_000);
  });

  it('can be reached', async () => {
    await expect(blobs.ping()).resolves.toBeUndefined();
  });
});
