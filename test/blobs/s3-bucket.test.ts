import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openS3Bucket } from '../../src/blobs/s3-bucket.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.environment);
});
afterAll(() => server.close());

/** A store that answers everything alike. */
async function answering(status: number, code: string): Promise<{ endpoint: string; store: Server }> {
  const store = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
  }).listen(0, '127.0.0.1');
  await once(store, 'listening');
  return { endpoint: `http://127.0.0.1:${(store.address() as AddressInfo).port}`, store };
}

describe('openS3Bucket', () => {
  it('keeps objects below its prefix and sees no others', async () => {
    const [one, other] = [await openS3Bucket(server.location('one/')), await openS3Bucket(server.location('other/'))];
    await one.put('a/x', Buffer.from('from one'));
    await other.put('a/x', Buffer.from('from the other'));
    expect(await text(one.read('a/x'))).toBe('from one');
    const names = async (prefix: string) => (await Readable.from(one.list(prefix)).toArray()).map(({ name }) => name);
    expect(await names('')).toEqual(['a/x']);
    expect(await names('b')).toEqual([]);
    expect(await server.list('one/')).toEqual(['one/a/x']);
    await one.remove('a/x');
    await one.remove('a/x');
    await expect(buffer(one.read('a/x'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await text(other.read('a/x'))).toBe('from the other');
  });

  it('lists more than fit into one answer', async () => {
    const bucket = await openS3Bucket(server.location('many/'));
    const names = Array.from({ length: 1005 }, (_, n) => `n${n}`);
    for (let from = 0; from < names.length; from += 100) {
      await Promise.all(names.slice(from, from + 100).map((name) => bucket.put(name, new Uint8Array(0))));
    }
    const listed = await Readable.from(bucket.list('')).toArray();
    expect(listed.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('passes its check where objects can be written, and leaves nothing there', async () => {
    await (await openS3Bucket(server.location('checked/'))).check();
    expect(await server.list('checked/')).toEqual([]);
  });

  it.each([
    [403, 'InvalidAccessKeyId', 'refuses the credentials (InvalidAccessKeyId). Check AWS_ACCESS_KEY_ID'],
    [403, 'AccessDenied', 'they must allow to list, get, put and delete objects.'],
    [404, 'NoSuchBucket', 'does not exist. Create it, or correct the name.'],
    [400, 'AuthorizationHeaderMalformed', 'is not in the region eu-west-1: set AWS_REGION'],
  ])('says at the start what is wrong and what to do: %i %s', async (status, code, sentence) => {
    const { endpoint, store } = await answering(status, code);
    const bucket = await openS3Bucket({ bucket: 'plant', prefix: '', endpoint, region: 'eu-west-1' });

    await expect(bucket.check()).rejects.toThrow(`The bucket plant of KONTUR_BLOBS at ${endpoint} `);
    await expect(bucket.check()).rejects.toThrow(sentence);
    store.close();
  });

  it('connects to nothing but its endpoint, with credentials in the environment', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    const bucket = await openS3Bucket(server.location('alone/'));
    await bucket.check();
    await bucket.uploadUrl('x', 60_000);
    const ports = connect.mock.calls.flat(2).map((options) => (options as { port?: number } | null)?.port);
    connect.mockRestore();
    const { port } = new URL(server.endpoint);
    expect(ports.filter((each) => String(each) === port).length).toBeGreaterThan(0);
    const storePorts = [Number(port), server.storePort];
    expect(ports.filter((each) => each !== undefined && !storePorts.includes(Number(each)))).toEqual([]);
  });

  it('says at the start that nobody answers, that credentials are missing, or the region', async () => {
    const away = await openS3Bucket({ bucket: 'plant', prefix: '', endpoint: 'http://127.0.0.1:1' });
    await expect(away.check()).rejects.toThrow(/cannot be used \(ECONNREFUSED.*Check AWS_ENDPOINT_URL/);

    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', '/nonexistent');
    const nobody = await openS3Bucket(server.location(''));
    await expect(nobody.check()).rejects.toThrow('needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
    await expect(nobody.put('x', Buffer.from('x'))).rejects.toMatchObject({ code: 'unavailable' });
    const nowhere = await openS3Bucket({ bucket: 'plant', prefix: '' });
    await expect(nowhere.check()).rejects.toThrow('needs its region: set AWS_REGION.');
    vi.unstubAllEnvs();
  });

  it.each([
    [500, 'InternalError', 'unavailable'],
    [403, 'ExpiredToken', 'unavailable'],
    [507, 'XMinioStorageFull', 'disk-full'],
  ])('takes %i %s while it runs for %s', async (status, name, code) => {
    const { endpoint, store } = await answering(status, name);
    const bucket = await openS3Bucket({ ...server.location(''), endpoint });
    await expect(bucket.put('x', Buffer.from('x'))).rejects.toMatchObject({ code });
    store.close();
  });

  it('says of every operation that it is refused', async () => {
    const { endpoint, store } = await answering(403, 'AccessDenied');
    const bucket = await openS3Bucket({ ...server.location(''), endpoint });
    const content = Readable.from([Buffer.alloc(6_000_000)], { objectMode: false });
    for (const request of [
      () => bucket.upload('x', content, 5 * 1024 * 1024),
      () => buffer(bucket.read('x')),
      () => bucket.remove('x'),
      () => bucket.list('').next(),
      () => bucket.ping(),
    ]) {
      await expect(request()).rejects.toMatchObject({ code: 'unavailable' });
    }
    store.close();
  });

  it('removes an object of a certain etag, also where the store has no such condition', async () => {
    let condition: string | undefined;
    let removed = 0;
    const simple = createServer((request, response) => {
      condition ??= request.headers['if-match'];
      removed += request.method === 'DELETE' && request.headers['if-match'] === undefined ? 1 : 0;
      response.writeHead(request.headers['if-match'] === undefined ? 204 : 501).end();
    }).listen(0, '127.0.0.1');
    await once(simple, 'listening');
    const endpoint = `http://127.0.0.1:${(simple.address() as AddressInfo).port}`;
    const bucket = await openS3Bucket({ ...server.location(''), endpoint });
    await bucket.remove('x', '"etag"');
    expect({ condition, removed }).toEqual({ condition: '"etag"', removed: 1 });
    simple.close();
  });

  it('is unavailable while the line is cut, also in the middle of an object, and goes on by itself', async () => {
    const bucket = await openS3Bucket(server.location('line/'));
    await bucket.upload('large', Readable.from([Buffer.alloc(9_000_000)], { objectMode: false }), 5 * 1024 * 1024);
    const reading = bucket.read('large');
    await reading.next();
    await server.cut();
    await expect(buffer(reading)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(bucket.put('small', Buffer.from('x'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(bucket.ping()).rejects.toMatchObject({ code: 'unavailable' });
    await server.mend();
    await bucket.put('small', Buffer.from('x'));
    expect(await server.list('line/')).toEqual(['line/large', 'line/small']);
  });

  it('reads no more of an upload than it can send', async () => {
    const MEBIBYTE = 1024 * 1024;
    let asked = 0;
    const silent = createServer((request) => {
      request.resume();
      asked += 1;
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const bucket = await openS3Bucket({ ...server.location(''), endpoint });
    let taken = 0;
    const content = Readable.from(
      (function* () {
        for (; taken < 100; taken++) yield Buffer.alloc(MEBIBYTE);
      })(),
      { objectMode: false },
    );
    const upload = expect(bucket.upload('x', content, 5 * MEBIBYTE)).rejects.toMatchObject({ code: 'unavailable' });
    await vi.waitFor(() => expect(asked).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken).toBeLessThan(20);
    silent.closeAllConnections();
    silent.close();
    await upload;
  });
});
