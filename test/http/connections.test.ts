import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/create-app.ts';
import { limitConnections } from '../../src/http/plugins/limit-connections.ts';
import { refuseTrickle } from '../../src/http/refuse-trickle.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { startTestApp, type TestApp } from './start-test-app.ts';

let t: TestApp;
let app: FastifyInstance;
let port: number;
const lines: string[] = [];
beforeAll(async () => {
  t = await startTestApp();
  const logger = createLogger('info', { write: (line) => void lines.push(line) });
  const settings = { ...t.dependencies.settings, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] };
  app = await createApp({ ...t.dependencies, settings, logger });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await app?.close();
  await t?.close();
});

/** A connection that shows what has come back so far. */
async function connect() {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  return { socket, received: () => received };
}
async function send(text: string): Promise<string> {
  const { socket, received } = await connect();
  // Without an end: a server gives up a request whose client has closed its side.
  socket.write(text);
  await once(socket, 'close');
  return received();
}

describe('a request', () => {
  it('with two Host headers is refused, whatever it asks for', async () => {
    for (const path of ['/healthz', '/oidc/jwks', '/nothing', '/api/v1/projects/demo/files']) {
      const answer = await send(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*more than one Host header/);
    }
  });

  it('with its whole address is answered like one without its origin, whose host counts', async () => {
    const get = (address: string) => send(`GET ${address} HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n`);
    expect(await get('http://localhost/healthz')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await get('http://127.0.0.1:1/api/v1/projects/demo/files')).toMatch(/^HTTP\/1\.1 401 /);
    expect(await get('http://evil.example/healthz')).toMatch(/^HTTP\/1\.1 421 /);
    expect(await get('http://localhost')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await get('http://localhost?nothing')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('that waits before it sends its body is answered 100 Continue only once it may', async () => {
    const post = (token: string) =>
      `POST /api/v1/projects/demo/files/list HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n`;
    expect(await send(post('wrong'))).toMatch(/^HTTP\/1\.1 401 /);
    const { socket, received } = await connect();
    socket.write(post(t.token));
    await expect.poll(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    socket.write('{}');
    await once(socket, 'close');
    expect(received()).toMatch(/HTTP\/1\.1 200 /);
  });

  it('to upload by a wrong link is not told to go on, and by a right one is', async () => {
    const put = (path: string) =>
      `PUT ${path} HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 3\r\nconnection: close\r\n\r\n`;
    expect(await send(put('/api/v1/files/storage/content?sig=wrong'))).toMatch(/^HTTP\/1\.1 403 /);
    const { uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
    const { pathname, search } = new URL(uploadUrl);
    const { socket, received } = await connect();
    socket.write(put(pathname + search));
    await expect.poll(received).toMatch(/100 Continue/);
    socket.write('abc');
    await once(socket, 'close');
    expect(received()).toMatch(/HTTP\/1\.1 200 /);
  });

  it('that breaks off is no fault in the log', async () => {
    const { uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
    const { pathname, search } = new URL(uploadUrl);
    lines.length = 0;
    const { socket } = await connect();
    socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nabc`);
    await sleep(100);
    socket.destroy();
    await expect.poll(() => lines.join('')).toContain('broke its request off');
    expect(lines.join('')).not.toMatch(/"level":"(error|fatal)"|"stack"/);
  });
});

it('uploads to one link at once are few', async () => {
  const { uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
  const { pathname, search } = new URL(uploadUrl);
  const open = await Promise.all(Array.from({ length: 4 }, connect));
  const head = `PUT ${pathname}${search} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n`;
  for (const { socket } of open) socket.write(head);
  await sleep(300);
  const closing = `${head.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')}abc`;
  expect(await send(closing)).toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after: /);
  for (const { socket } of open) socket.destroy();
  await expect.poll(async () => (await send(closing)).slice(9, 12)).toBe('200');
});

describe('a body', () => {
  const slowly = async function* (chunks: number, pauseMs: number) {
    for (let n = 0; n < chunks; n++) {
      await sleep(pauseMs);
      yield Buffer.from('x');
    }
  };
  const limits = { graceMs: 100, leastBytesPerSecond: 1000, lookEveryMs: 20 };

  it('that comes in at a byte now and then is given up', async () => {
    const read = refuseTrickle(Readable.from(slowly(1000, 10), { objectMode: false }), limits).toArray();
    await expect(read).rejects.toMatchObject({ code: 'request-timeout' });
  });

  it('that comes in fast enough, or is short, is read', async () => {
    const whole = Readable.from([Buffer.alloc(100_000), Buffer.alloc(1)], { objectMode: false });
    const chunks = (await refuseTrickle(whole, limits).toArray()) as Buffer[];
    expect(Buffer.concat(chunks).length).toBe(100_001);
    const short = refuseTrickle(Readable.from(slowly(3, 5)), { ...limits, graceMs: 60_000 });
    expect(await short.toArray()).toHaveLength(3);
  });
});

it('connections are limited, in all and for each address', async () => {
  const other = await createApp(t.dependencies);
  limitConnections(other, { most: 100, mostPerAddress: 5 });
  await other.listen({ host: '127.0.0.1', port: 0 });
  expect(other.server.maxConnections).toBe(100);
  let closed = 0;
  const sockets = Array.from({ length: 8 }, () =>
    net
      .connect((other.server.address() as AddressInfo).port, '127.0.0.1')
      .on('error', () => {})
      .on('close', () => closed++),
  );
  await expect.poll(() => closed).toBe(3);
  for (const socket of sockets) socket.destroy();
  await other.close();
});

describe('behind a trusted proxy', () => {
  it('the log names the client, and not what the client says it is', async () => {
    const ask = async (headers: Record<string, string>) => {
      lines.length = 0;
      await app.inject({ url: '/healthz', headers, remoteAddress: headers.from });
      return JSON.parse(lines.at(-1)!).address;
    };
    expect(await ask({ from: '10.1.2.3', 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9');
    expect(await ask({ from: '10.1.2.3', 'x-forwarded-for': '1.1.1.1, 203.0.113.9' })).toBe('203.0.113.9');
    expect(await ask({ from: '192.0.2.1', 'x-forwarded-for': '203.0.113.9' })).toBe('192.0.2.1');
  });

  it('wrong secrets of one client hold up no other', async () => {
    const ask = (client: string, secret: string) =>
      app.inject({
        method: 'POST',
        url: '/oidc/token',
        remoteAddress: '10.1.2.3',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': client },
        payload: `grant_type=client_credentials&client_id=${t.issuer.credentials.clientId}&client_secret=${secret}`,
      });
    const guesses = [];
    for (let n = 0; n < 6; n++) guesses.push((await ask('203.0.113.66', 'wrong')).statusCode);
    expect(guesses).toContain(429);
    expect((await ask('203.0.113.67', t.issuer.credentials.clientSecret)).statusCode).toBe(200);
  });
});

it('long JSON answers are compressed for who accepts it, as vary says', async () => {
  for (let n = 0; n < 20; n++) await t.request({ method: 'POST', url: '/files', payload: { name: `${n}.jpg` } });
  const list = (encoding: string) =>
    t.app.inject({
      method: 'POST',
      url: '/api/v1/projects/demo/files/list',
      payload: {},
      headers: { authorization: `Bearer ${t.token}`, 'accept-encoding': encoding },
    });
  const compressed = await list('gzip, br');
  expect(compressed.headers).toMatchObject({
    'content-encoding': 'gzip',
    vary: expect.stringContaining('Accept-Encoding'),
  });
  const plain = await list('identity');
  expect(plain.headers).not.toHaveProperty('content-encoding');
  expect(plain.headers.vary).toContain('Accept-Encoding');
  expect(gunzipSync(compressed.rawPayload).toString()).toBe(plain.payload);
});
