import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../../src/http/create-app.ts';
import { liveBufferBytes } from '../../../../testing/live-buffers.ts';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

const LIMIT = 1_000_000;
let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ settings: { maxUploadBytes: LIMIT } });
});
afterAll(() => t?.close());

const create = async (payload: object = { name: 'photo.jpg', mimeType: 'image/jpeg' }, query = '') =>
  (await t.request({ method: 'POST', url: `/files${query}`, payload })).json();
const read = async (id: number) => (await t.request({ url: `/files/${id}` })).json();
const put = (url: string, payload: Buffer | Readable | string, headers: Record<string, string> = {}) =>
  t.send({ method: 'PUT', url, payload, headers });
const links = (items: object[], query = '') =>
  t.request({ method: 'POST', url: `/files/downloadlink${query}`, payload: { items } });
const downloadUrl = async (id: number) => (await links([{ id }])).json().items[0].downloadUrl as string;
const download = async (id: number) => t.send({ url: await downloadUrl(id) });

function expectRefusal(answer: Answer, status: number, message: unknown, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
}

describe('uploading', () => {
  it('stores the bytes and marks the file uploaded', async () => {
    const { id, uploadUrl, lastUpdatedTime } = await create();
    const content = Buffer.from(Array.from({ length: 3000 }, (_, n) => n % 256));
    const answer = await put(uploadUrl, content, { 'content-type': 'image/jpeg' });
    expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    expect(await read(id)).toMatchObject({ uploaded: true, uploadedTime: expect.any(Number), lastUpdatedTime });
    expect((await download(id)).rawPayload).toEqual(content);
  });

  it.each([
    ['without a content type', {}],
    ['with another content type', { 'content-type': 'application/json' }],
    ['with parameters of its content type', { 'content-type': 'image/jpeg; name="a;b.jpg"' }],
    ['with a bearer token that is no token', { authorization: 'Bearer nonsense' }],
  ])('works %s', async (_, headers) => {
    const { id, uploadUrl } = await create();
    expect((await put(uploadUrl, Buffer.from('{"not": json'), headers)).statusCode).toBe(200);
    expect((await download(id)).payload).toBe('{"not": json');
  });

  it('keeps a compressed body as it is sent', async () => {
    const { id, uploadUrl } = await create();
    const content = gzipSync('photo');
    await put(uploadUrl, content, { 'content-encoding': 'gzip' });
    expect((await download(id)).rawPayload).toEqual(content);
  });

  it('accepts an empty content', async () => {
    const { id, uploadUrl } = await create();
    expect((await t.send({ method: 'PUT', url: uploadUrl, headers: { 'content-length': '0' } })).statusCode).toBe(200);
    expect((await read(id)).uploaded).toBe(true);
    expect((await download(id)).payload).toBe('');
  });

  it('a second time replaces the content', async () => {
    const { id, uploadUrl } = await create();
    await put(uploadUrl, 'first');
    await put(uploadUrl, 'second');
    expect((await download(id)).payload).toBe('second');
  });

  it('over the limit is refused, announced or not, and stores nothing', async () => {
    const { id, uploadUrl } = await create();
    const message = `The upload is larger than the limit of ${LIMIT} bytes.`;
    const chunked = { 'transfer-encoding': 'chunked' };
    expectRefusal(await put(uploadUrl, Buffer.alloc(LIMIT + 1)), 413, message);
    expectRefusal(await put(uploadUrl, Readable.from([Buffer.alloc(LIMIT), Buffer.alloc(1)]), chunked), 413, message);
    expect((await read(id)).uploaded).toBe(false);
    expect((await put(uploadUrl, Buffer.alloc(LIMIT))).statusCode).toBe(200);
    expect((await read(id)).uploaded).toBe(true);
  });

  it('after the file was deleted is refused', async () => {
    const { id, uploadUrl } = await create();
    await t.request({ method: 'POST', url: '/files/delete', payload: { items: [{ id }] } });
    expectRefusal(await put(uploadUrl, 'x'), 400, `File ids not found: ${id}`, { missing: [{ id }] });
  });

  it('to the link of an earlier occasion is refused', async () => {
    const { uploadUrl } = await create({ name: 'a.jpg', externalId: 'occasions' });
    await create({ name: 'a.jpg', externalId: 'occasions' }, '?overwrite=true');
    expectRefusal(await put(uploadUrl, 'x'), 403, 'A newer upload link was made for this file. Upload to that one.');
  });
});

describe('an upload that says what it is', () => {
  const content = Buffer.from('the bytes of a photo');
  const digest = (algorithm: string, of: Buffer = content) => createHash(algorithm).update(of).digest('base64');
  const digests = (of: Buffer): [string, string][] => [
    ['content-md5', digest('md5', of)],
    ['content-digest', `sha-256=:${digest('sha256', of)}:`],
    ['repr-digest', `unknown=:AAAA:, sha-512=:${digest('sha512', of)}:`],
    ['digest', `SHA-256=${digest('sha256', of)},MD5=${digest('md5', of)}`],
    ['x-goog-hash', `crc32c=n03x6A==,md5=${digest('md5', of)}`],
    ['x-amz-checksum-sha256', digest('sha256', of)],
  ];

  it.each(digests(content))('is stored where its %s is right', async (name, value) => {
    const { id, uploadUrl } = await create();
    expect((await put(uploadUrl, content, { [name]: value })).statusCode).toBe(200);
    expect((await download(id)).rawPayload).toEqual(content);
  });

  it.each(digests(Buffer.from('other bytes')))(
    'is refused where its %s is wrong, and stores nothing',
    async (name, value) => {
      const { id, uploadUrl } = await create();
      await put(uploadUrl, 'before');
      const answer = await put(uploadUrl, content, { [name]: value });
      expectRefusal(
        answer,
        400,
        expect.stringMatching(new RegExp(`^The content is not the one that ${name} says: .*upload it again`)),
      );
      expect((await download(id)).payload).toBe('before');
    },
  );

  it.each(['nonsense', digest('sha256'), ''])('is refused where its digest is none: %j', async (value) => {
    const { uploadUrl } = await create();
    expectRefusal(
      await put(uploadUrl, content, { 'content-md5': value }),
      400,
      expect.stringContaining('16 bytes are wanted'),
    );
  });

  it.each([
    [400, 'a part of the content', { 'content-range': 'bytes 0-9/20' }, /begin an upload in parts/],
    [400, 'a part of unknown length', { 'content-range': 'bytes 0-9/*' }, /begin an upload in parts/],
    [415, 'a form', { 'content-type': 'multipart/form-data; boundary=x' }, /^The body is a form/],
    [415, 'a mixed body', { 'content-type': 'Multipart/Mixed; boundary=x' }, /^The body is a form/],
    [415, 'no media type', { 'content-type': ';;;' }, /^The content type ;;; is no media type/],
    [415, 'half a media type', { 'content-type': 'image' }, /is no media type/],
    [415, 'an open quote', { 'content-type': 'image/jpeg; name="a' }, /is no media type/],
  ] as const)('is refused with %i as %s', async (status, _, headers, message) => {
    const { id, uploadUrl } = await create();
    expectRefusal(await put(uploadUrl, content, headers), status, expect.stringMatching(message));
    expect((await read(id)).uploaded).toBe(false);
  });
});

describe('a part of a content', () => {
  const content = Buffer.from(Array.from({ length: 1000 }, (_, n) => n % 256));
  let url: string;
  beforeAll(async () => {
    const { id, uploadUrl } = await create();
    await put(uploadUrl, content);
    url = await downloadUrl(id);
  });
  const part = (range: string, more: Record<string, string> = {}) => t.send({ url, headers: { range, ...more } });

  it.each([
    ['bytes=0-99', 0, 99],
    ['bytes=900-', 900, 999],
    ['bytes=-10', 990, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=0-0', 0, 0],
  ])('%s is answered alone', async (range, start, end) => {
    const answer = await part(range);
    expect(answer.statusCode).toBe(206);
    expect(answer.headers).toMatchObject({
      'content-range': `bytes ${start}-${end}/1000`,
      'content-length': String(end - start + 1),
      'accept-ranges': 'bytes',
    });
    expect(answer.rawPayload).toEqual(content.subarray(start, end + 1));
  });

  it('that the content does not reach is refused', async () => {
    const answer = await part('bytes=1000-');
    expectRefusal(answer, 416, 'The content has 1000 bytes; bytes=1000- asks for others.');
    expect(answer.headers['content-range']).toBe('bytes */1000');
  });

  it.each(['lines=0-1', 'bytes=5-1', 'nonsense', 'bytes=0-1,5-9'])('%s is answered with the whole', async (range) => {
    const answer = await part(range);
    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 1000]);
  });

  it('goes on with the content that it is of, and with no other', async () => {
    const { etag } = (await t.send({ url })).headers;
    expect((await part('bytes=0-9', { 'if-range': String(etag) })).statusCode).toBe(206);
    for (const other of ['"other"', 'Mon, 30 Nov 2026 00:00:00 GMT', `W/${etag}`]) {
      expect((await part('bytes=0-9', { 'if-range': other })).statusCode).toBe(200);
    }
    expect((await t.send({ url, headers: { 'if-none-match': String(etag) } })).statusCode).toBe(304);
    const head = await t.app.inject({ method: 'HEAD', url, headers: { range: 'bytes=0-9' } });
    expect([head.statusCode, head.headers['content-length']]).toEqual([200, '1000']);
  });
});

describe('a link', () => {
  const wrong = (kind: string) => `The ${kind} link is wrong or has expired. Ask for a new one.`;

  it('that was tampered with is refused', async () => {
    const { id, uploadUrl } = await create();
    await put(uploadUrl, 'x');
    for (const [url, method, kind] of [
      [uploadUrl, 'PUT', 'upload'],
      [await downloadUrl(id), 'GET', 'download'],
    ] as const) {
      const [head, claims, signature] = new URL(url).searchParams.get('sig')!.split('.') as [string, string, string];
      const others = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), fileId: id + 1 };
      const forged = Buffer.from(JSON.stringify(others)).toString('base64url');
      const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
      for (const sig of [
        `${head}.${forged}.${signature}`,
        `${unsigned}.${claims}.`,
        `${head}.${claims}.${signature.slice(0, -3)}`,
        'x',
        '',
      ]) {
        expectRefusal(await t.send({ method, url: `${url.split('?')[0]}?sig=${sig}` }), 403, wrong(kind));
      }
      expectRefusal(await t.send({ method, url: url.split('?')[0]! }), 400, 'The query must have sig.');
    }
  });

  it('that has expired is refused', async () => {
    const { id, uploadUrl } = await create();
    await put(uploadUrl, 'x');
    const { links: signer } = t.dependencies;
    const link = { project: 'demo', fileId: id, uploadGeneration: 1 };
    const base = uploadUrl.split('?')[0];
    const up = await signer.sign({ ...link, kind: 'upload' }, -2000);
    const down = await signer.sign({ ...link, kind: 'download' }, -2000);
    expectRefusal(await put(`${base}?sig=${up}`, 'x'), 403, wrong('upload'));
    expectRefusal(await t.send({ url: `${base}?sig=${down}` }), 403, wrong('download'));
  });

  it('of the other kind is refused, a token or not', async () => {
    const { id, uploadUrl } = await create();
    await put(uploadUrl, 'x');
    const headers = { authorization: `Bearer ${t.token}` };
    expectRefusal(await t.send({ url: uploadUrl, headers }), 403, wrong('download'));
    expectRefusal(await put(await downloadUrl(id), 'y', headers), 403, wrong('upload'));
    expect((await download(id)).payload).toBe('x');
  });

  it('of one project does nothing in another', async () => {
    const { id, uploadUrl } = await create();
    const sig = await t.dependencies.links.sign(
      { kind: 'upload', project: 'other', fileId: id, uploadGeneration: 1 },
      10_000,
    );
    expectRefusal(await put(`${uploadUrl.split('?')[0]}?sig=${sig}`, 'x'), 400, `File ids not found: ${id}`, {
      missing: [{ id }],
    });
  });
});

describe('download links', () => {
  it('name each file by the id it was asked for by, and lead to its content for 30 s or an hour', async () => {
    const { id, uploadUrl } = await create({ name: 'a.jpg', externalId: 'links' });
    await put(uploadUrl, 'content');
    for (const [query, seconds] of [
      ['', 30],
      ['?extendedExpiration=true', 3600],
    ] as const) {
      const asked = Date.now() / 1000;
      const { items } = (await links([{ externalId: 'links' }], query)).json();
      expect(Object.keys(items[0]).sort()).toEqual(['downloadUrl', 'externalId']);
      const url = new URL(items[0].downloadUrl);
      expect(url.origin).toBe('http://127.0.0.1:8321');
      const { exp } = JSON.parse(Buffer.from(url.searchParams.get('sig')!.split('.')[1]!, 'base64url').toString());
      expect(exp - asked).toBeGreaterThan(seconds - 1);
      expect(exp - asked).toBeLessThan(seconds + 60);
    }
    expect((await links([{ id }])).json().items[0].id).toBe(id);
  });

  it('are refused for a file without content', async () => {
    const { id } = await create({ name: 'a.jpg' });
    expectRefusal(
      await links([{ id }]),
      400,
      `Files not uploaded: ${id} (a.jpg). PUT their content to their uploadUrl first.`,
    );
  });

  it('are given for at most 100 files at once', async () => {
    const items = Array.from({ length: 101 }, (_, n) => ({ id: n + 1 }));
    expectRefusal(await links(items), 400, 'items must have at most 100 items, got 101.');
  });
});

describe('downloading', () => {
  it('gives a file to save, which no browser shows or runs', async () => {
    const { id, uploadUrl } = await create({ name: 'page.html', mimeType: 'text/html' });
    await put(uploadUrl, '<script>alert(1)</script>');
    const url = await downloadUrl(id);
    const expected = {
      'content-type': 'text/html',
      'content-length': '25',
      'content-disposition': `attachment; filename="page.html"; filename*=UTF-8''page.html`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    };
    const got = await t.send({ url });
    expect(got.payload).toBe('<script>alert(1)</script>');
    expect(got.headers).toMatchObject(expected);
    const head = await t.app.inject({ method: 'HEAD', url });
    expect([head.statusCode, head.payload]).toEqual([200, '']);
    expect(head.headers).toMatchObject(expected);
  });

  it.each([
    ['Grüße "1"\r\nx: y.jpg', 'Gr__e _1___x: y.jpg', 'Gr%C3%BC%C3%9Fe%20%221%22%0D%0Ax%3A%20y.jpg'],
    ['../../etc/pass\\wd', '.._.._etc_pass_wd', '.._.._etc_pass_wd'],
    ["it's (1)*.jpg", "it's (1)*.jpg", 'it%27s%20%281%29%2A.jpg'],
    ['100%.jpg', '100_.jpg', '100%25.jpg'],
  ])('spells the name %j safely', async (name, plain, exact) => {
    const { id, uploadUrl } = await create({ name });
    await put(uploadUrl, 'x');
    const { headers } = await download(id);
    expect(headers['content-disposition']).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${exact}`);
  });

  it.each([undefined, 'image', 'image/jpeg\r\nx: y', 'text/html; charset=utf-16'])(
    'says octet-stream where the declared type is %j',
    async (mimeType) => {
      const { id, uploadUrl } = await create({ name: 'a', mimeType });
      await put(uploadUrl, 'x');
      expect((await download(id)).headers['content-type']).toBe('application/octet-stream');
    },
  );
});

describe('over the network', () => {
  const chunk = Buffer.alloc(64 * 1024, 7);
  const chunks = function* (bytes: number) {
    for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
  };
  let server: FastifyInstance;
  let base: string;
  beforeAll(async () => {
    const { settings } = t.dependencies;
    server = await createApp({ ...t.dependencies, settings: { ...settings, maxUploadBytes: 1024 ** 3 } });
    await server.listen({ host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  afterAll(() => server?.close());

  const requestTo = async (url: string, method: string) => {
    const { pathname, search } = new URL(url);
    const request = http.request(base + pathname + search, { method });
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on('response', resolve);
      request.on('error', reject);
    });
    return { request, answered };
  };

  it('a large content passes through without being held in memory', async () => {
    const bytes = 96 * 1024 * 1024;
    const { id, uploadUrl } = await create();
    const before = liveBufferBytes();
    let most = 0;
    /** Passes parts on, and looks ten times on the way. */
    async function* watched(parts: Iterable<Buffer> | AsyncIterable<Buffer>) {
      let done = 0;
      for await (const part of parts) {
        const tenth = (length: number) => Math.floor((10 * length) / bytes);
        if (tenth(done + part.length) > tenth(done)) most = Math.max(most, liveBufferBytes() - before);
        done += part.length;
        yield part;
      }
    }
    const { request, answered } = await requestTo(uploadUrl, 'PUT');
    await pipeline(Readable.from(watched(chunks(bytes))), request);
    expect((await answered).statusCode).toBe(200);

    const got = await requestTo(await downloadUrl(id), 'GET');
    got.request.end();
    let received = 0;
    for await (const part of watched(await got.answered)) received += part.length;
    expect(received).toBe(bytes);
    expect(most).toBeLessThan(bytes / 2);
  });

  it('an upload that the client breaks off leaves nothing behind', async () => {
    const { id, uploadUrl } = await create();
    const { request, answered } = await requestTo(uploadUrl, 'PUT');
    answered.catch(() => {});
    const temporary = path.join(t.dataDir, 'blobs', 'tmp');
    request.write(chunk);
    while ((await readdir(temporary)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    request.destroy();
    while ((await readdir(temporary)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await read(id)).uploaded).toBe(false);
  });

  it('an upload that grows past the limit is answered, not cut off', async () => {
    const small = await createApp(t.dependencies);
    try {
      await small.listen({ host: '127.0.0.1', port: 0 });
      const { uploadUrl } = await create();
      const { pathname, search } = new URL(uploadUrl);
      const { port } = small.server.address() as AddressInfo;
      const request = http.request({ host: '127.0.0.1', port, path: pathname + search, method: 'PUT' });
      const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
        request.on('response', resolve);
        request.on('error', reject);
      });
      Readable.from(chunks(5 * LIMIT)).pipe(request);
      expect((await answered).statusCode).toBe(413);
      (await answered).resume();
    } finally {
      await small.close();
    }
  });
});
