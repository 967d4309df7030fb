import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppDependencies } from '../../src/http/app-dependencies.ts';
import { createApp } from '../../src/http/create-app.ts';
import { createHealthApp } from '../../src/http/create-health-app.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { startTestApp, type TestApp } from './start-test-app.ts';

let t: TestApp;
const lines: string[] = [];
beforeAll(async () => {
  t = await startTestApp({ logger: createLogger('trace', { write: (line: string) => void lines.push(line) }) });
});
afterAll(() => t?.close());

/** Another app on the same parts. */
async function withApp(changes: Partial<AppDependencies>, use: (app: FastifyInstance) => Promise<void>): Promise<void> {
  const app = await createApp({ ...t.dependencies, ...changes });
  try {
    await use(app);
  } finally {
    await app.close();
  }
}

/** What a server sends back for these bytes, until it closes the connection. */
async function sendBytes(app: FastifyInstance, text: string): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = net.connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(text);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

describe('every answer carries the headers of the hosted API', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  it.each([
    ['/healthz', 200],
    ['/oidc/jwks', 200],
    ['/api/v1/projects/demo/files/1', 401],
    ['/nothing', 404],
    ['/%zz', 400],
    ['/api/v1/files/storage/content?sig=x', 403],
  ])('%s, answered %d', async (url, status) => {
    const answers = [await t.app.inject(url), await t.app.inject({ url, headers: { 'x-request-id': 'mine' } })];
    for (const { statusCode, headers } of answers) {
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({
        'x-request-id': expect.stringMatching(uuid),
        'content-type': expect.stringMatching(/^application\/(jwk-set\+)?json/),
        vary: expect.stringContaining('Accept-Encoding'),
        'strict-transport-security': expect.stringMatching(/^max-age=\d+$/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    }
    expect(answers[0]!.headers['x-request-id']).not.toBe(answers[1]!.headers['x-request-id']);
  });
});

describe('the Host', () => {
  const get = (host: string, url = '/healthz') => t.app.inject({ url, headers: { host } });

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:8321', '127.8.9.10', '[::1]', '[::1]:8321'])(
    'may be %s',
    async (host) => {
      expect((await get(host)).statusCode).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1:8321', '[::2]', '128.0.0.1'])(
    'may not be %j',
    async (host) => {
      for (const url of ['/healthz', '/api/v1/projects/demo/files/1', '/oidc/jwks', '/nothing']) {
        const answer = await get(host, url);
        expect(answer.statusCode).toBe(421);
        expect(answer.json().error).toEqual({
          code: 421,
          message: 'In development mode the server answers to localhost, 127.0.0.1 and [::1] only, whatever the port.',
        });
      }
    },
  );

  it('may be anything where tokens come from elsewhere', async () => {
    const settings = { ...t.dependencies.settings, loopbackHostsOnly: false };
    await withApp({ settings }, async (app) => {
      expect((await app.inject({ url: '/healthz', headers: { host: 'kontur.example' } })).statusCode).toBe(200);
    });
  });

  it('never gets into an address', async () => {
    const headers = { host: 'localhost:1', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const file = await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' }, headers });
    expect(file.json().uploadUrl).toMatch(/^http:\/\/127\.0\.0\.1:8321\//);
    const discovery = (await t.app.inject({ url: '/oidc/.well-known/openid-configuration', headers })).json();
    expect(discovery.issuer).toBe('http://127.0.0.1:8321/oidc');
    expect(discovery.token_endpoint).toBe('http://127.0.0.1:8321/oidc/token');
    expect(discovery.jwks_uri).toBe('http://127.0.0.1:8321/oidc/jwks');
  });
});

describe('pages of other origins', () => {
  const origin = 'https://studio.example';
  const url = '/api/v1/projects/demo/files/list';
  const preflight = {
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,cdf-version,x-cdp-app,x-cdp-sdk',
    },
  } as const;
  const corsHeaders = (headers: object) => Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  it('get no CORS header unless they are configured', async () => {
    for (const request of [preflight, { url, headers: { origin } }, { url: '/healthz', headers: { origin } }]) {
      expect(corsHeaders((await t.app.inject(request)).headers)).toEqual([]);
    }
    for (const path of ['/oidc/jwks', '/oidc/.well-known/openid-configuration', '/oidc/token']) {
      for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
        const answer = await t.app.inject({ method, url: path, headers: preflight.headers });
        expect([path, method, corsHeaders(answer.headers)]).toEqual([path, method, []]);
      }
    }
  });

  it('may call the API when they are', async () => {
    const settings = { ...t.dependencies.settings, corsOrigins: [origin] };
    await withApp({ settings }, async (app) => {
      const allowed = await app.inject(preflight);
      expect(allowed.statusCode).toBe(204);
      expect(allowed.headers['access-control-allow-origin']).toBe(origin);
      const names = String(allowed.headers['access-control-allow-headers']).split(', ');
      expect(names).toEqual(
        expect.arrayContaining(['authorization', 'content-type', 'cdf-version', 'x-cdp-app', 'x-cdp-sdk']),
      );
      expect(names).toEqual(expect.arrayContaining(['content-md5', 'last-event-id', 'range', 'if-range']));
      expect(allowed.headers['access-control-allow-methods']).toContain('POST');
      const refused = await app.inject({ method: 'POST', url, headers: { origin } });
      expect(refused.statusCode).toBe(401);
      expect(refused.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': expect.stringMatching(
          /^x-request-id, retry-after, etag, .*content-range.*kontur-tensors/,
        ),
        vary: 'Accept-Encoding, Origin',
      });
      for (const path of ['jwks', 'token', '.well-known/openid-configuration', 'auth', 'interaction/none', 'nothing']) {
        const answer = await app.inject({
          method: path === 'token' ? 'POST' : 'GET',
          url: `/oidc/${path}`,
          headers: { origin },
        });
        const open = !/^(auth|interaction|nothing)/.test(path);
        expect([path, answer.headers['access-control-allow-origin']]).toEqual([path, open ? origin : undefined]);
        expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      }
      for (const other of ['https://studio.example.evil', 'http://studio.example', 'null']) {
        const answer = await app.inject({ ...preflight, headers: { ...preflight.headers, origin: other } });
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
        const keys = await app.inject({ url: '/oidc/jwks', headers: { origin: other } });
        expect(keys.headers['access-control-allow-origin']).toBeUndefined();
      }
    });
  });
});

describe('what is no valid HTTP is answered with the envelope too', () => {
  it('nonsense', async () => {
    await withApp({}, async (app) => {
      const answer = await sendBytes(app, 'nonsense\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({
        error: { code: 400, message: 'The request is not valid HTTP.' },
      });
    });
  });

  it('an address that cannot be decoded', async () => {
    await withApp({}, async (app) => {
      const answer = await sendBytes(
        app,
        'GET /api/v1/projects/#%E0 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    });
  });

  it('headers that are too large', async () => {
    await withApp({}, async (app) => {
      const answer = await sendBytes(app, `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 431 /);
      expect(JSON.parse(answer.split('\r\n\r\n')[1]!).error.code).toBe(431);
    });
  });
});

describe('a fault', () => {
  it('is logged with its request id, and its text never leaves the server', async () => {
    const { files } = t.dependencies;
    const broken = {
      ...files,
      list: async () => {
        throw new Error('password of the database is swordfish');
      },
    };
    await withApp({ files: broken }, async (app) => {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/projects/demo/files/list',
        headers: { authorization: `Bearer ${t.token}` },
        payload: {},
      });
      const id = answer.headers['x-request-id'];
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toEqual({
        error: { code: 500, message: `A fault of the server; the request id finds it in the log. (request ${id})` },
      });
      const logged = lines
        .map((line) => JSON.parse(line))
        .find((line) => line.requestId === id && line.level === 'error');
      expect(logged.err.message).toContain('swordfish');
    });
  });
});

describe('closing', () => {
  it.each([
    ['the server', () => createApp(t.dependencies)],
    ['a worker', async () => createHealthApp({ logger: createLogger('silent'), readiness: {} })],
  ])('does not wait for connections on which nothing was asked: %s', async (_, create) => {
    const app = await create();
    // Otherwise Node closes it after the minute in which headers have to arrive.
    app.server.headersTimeout = 0;
    app.server.requestTimeout = 0;
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const accepted = once(app.server, 'connection');
    const socket = net.connect(port, '127.0.0.1');
    const gone = once(socket, 'close');
    await accepted;
    await Promise.all([app.close(), gone]);
  });

  it('lets a request finish that is under way', async () => {
    let asked = () => {};
    let finish = () => {};
    const underWay = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const check = async () => {
      asked();
      await finished;
    };
    const app = await createApp({ ...t.dependencies, readiness: { part: check } });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const answered = fetch(`http://127.0.0.1:${port}/readyz`);
    await underWay;
    const closed = app.close();
    await delay(50);
    finish();
    expect(await (await answered).json()).toEqual({ status: 'ready', parts: { part: 'ready' } });
    await closed;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});

it('no line of the log holds a token, a secret or the signature of a link', async () => {
  const { uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
  await t.app.inject({ method: 'PUT', url: uploadUrl, payload: 'x' });
  await t.app.inject({ method: 'PUT', url: `${uploadUrl}x`, payload: 'x' });
  await t.app.inject({ url: `/nothing?token=${t.token}` });
  await t.app.inject({ url: `/api/v1/projects/demo/files/%zz?token=${t.token}` });
  const log = lines.join('');
  expect(lines.length).toBeGreaterThan(5);
  const secrets = [t.token, t.issuer.credentials.clientSecret, new URL(uploadUrl).searchParams.get('sig')!];
  for (const secret of secrets) expect(log).not.toContain(secret.slice(-20));
});
