import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
  request as send,
} from 'node:http';
import { createServer as createTlsServer, get as getByTls } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../testing/test-jobs.ts';
import { type Gateway, startGateway } from '../../images/gateway/start-gateway.ts';
import { SELF_SIGNED } from './self-signed.ts';

/** What the upstream does with a request; each test sets its own. */
let handle: (request: IncomingMessage, response: ServerResponse) => unknown;
const seen: IncomingMessage[] = [];
const upstream = createServer((request, response) => {
  seen.push(request);
  handle(request, response);
});
let upstreamHost: string;
let gateway: Gateway;
const agent = new Agent();

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  upstreamHost = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  gateway = await startGateway(`http://${upstreamHost}`);
});
afterAll(async () => {
  agent.destroy();
  await gateway?.close();
  upstream.closeAllConnections();
  upstream.close();
});
beforeEach(() => {
  seen.length = 0;
  handle = (_request, response) => response.end('{}');
});

function open(path: string, options: RequestOptions = {}): ClientRequest {
  return send(`${gateway.url}${path}`, { agent, ...options });
}

/** A request whose body goes out whole, and its answer. */
async function ask(path: string, options: RequestOptions = {}, body?: Uint8Array | string) {
  const request = open(path, options).end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

const FILES = '/api/v1/projects/plant/files';

describe('a request reaches the upstream as it came', () => {
  it('method, address, headers and body', async () => {
    let body = '';
    handle = async (request, response) => {
      body = await text(request);
      response.writeHead(201).end('{}');
    };
    const answer = await ask(
      `${FILES}/?overwrite=false&name=%C3%A6%2Fb+c`,
      {
        method: 'POST',
        headers: {
          authorization: 'Bearer anything',
          'content-type': 'application/json',
          'cdf-version': ['V20210406', 'beta'],
          'x-cdp-app': 'app',
          'x-cdp-sdk': 'CogniteJavaScriptSDK:10.5.0',
        },
      },
      '{\n  "name": null\n}',
    );
    expect(answer.status).toBe(201);
    expect(body).toBe('{\n  "name": null\n}');
    expect(seen).toHaveLength(1);
    expect(seen[0]!.method).toBe('POST');
    expect(seen[0]!.url).toBe(`${FILES}/?overwrite=false&name=%C3%A6%2Fb+c`);
    expect(seen[0]!.headers).toMatchObject({
      host: upstreamHost,
      authorization: 'Bearer anything',
      'content-type': 'application/json',
      'cdf-version': 'V20210406, beta',
      'x-cdp-app': 'app',
      'x-cdp-sdk': 'CogniteJavaScriptSDK:10.5.0',
    });
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('%s', async (method) => {
    handle = (_request, response) => response.end();
    expect((await ask(FILES, { method })).status).toBe(200);
    expect(seen[0]!.method).toBe(method);
  });

  it('a compressed body stays compressed, and one without a content type is none the less sent', async () => {
    const bodies: Buffer[] = [];
    handle = async (request, response) => {
      bodies.push(await buffer(request));
      response.end('{}');
    };
    const zipped = gzipSync('{"limit": 1}');
    await ask(`${FILES}/list`, { method: 'POST', headers: { 'content-encoding': 'gzip' } }, zipped);
    await ask('/api/v1/files/storage/x?sig=1', { method: 'PUT' }, zipped);
    expect(seen[0]!.headers['content-encoding']).toBe('gzip');
    expect(seen.map(({ headers }) => headers['content-type'])).toEqual([undefined, undefined]);
    expect(bodies).toEqual([zipped, zipped]);
  });

  it('without what concerns the connection only', async () => {
    const headers = {
      connection: 'keep-alive, x-hop',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'proxy-authorization': 'Basic x',
      expect: '100-continue',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=1.2.3.4',
      'x-real-ip': '1.2.3.4',
    };
    expect((await ask(FILES, { method: 'POST', headers }, 'x')).status).toBe(200);
    const gone = ['x-hop', 'keep-alive', 'te', 'proxy-authorization', 'expect'];
    for (const name of [...gone, 'x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip']) {
      expect(seen[0]!.headers).not.toHaveProperty(name);
    }
  });
});

describe('an answer reaches the client as it came', () => {
  it('status, headers and a compressed body', async () => {
    const zipped = gzipSync('{"items": []}');
    handle = (_request, response) =>
      response
        .writeHead(207, {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'content-length': zipped.length,
          'x-request-id': 'from-upstream',
          'retry-after': '3',
          vary: 'Accept-Encoding, X-Other',
          'keep-alive': 'timeout=1',
          connection: 'close, x-hop',
          'x-hop': '1',
        })
        .end(zipped);
    const { status, headers, body } = await ask(FILES);
    expect(status).toBe(207);
    expect(body).toEqual(zipped);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': String(zipped.length),
      'x-request-id': 'from-upstream',
      'retry-after': '3',
      vary: 'Accept-Encoding, Origin, X-Other',
    });
    expect(headers).not.toHaveProperty('x-hop');
    expect(headers['keep-alive']).not.toBe('timeout=1');
    expect(headers).not.toHaveProperty('content-disposition');
  });

  it.each([204, 304, 401, 429, 500, 503])('%i, asked for once', async (status) => {
    handle = (_request, response) => response.writeHead(status, { 'retry-after': '1', etag: '"1"' }).end();
    const answer = await ask(FILES);
    expect(answer.status).toBe(status);
    expect(answer.headers.etag).toBe('"1"');
    expect(answer.body).toHaveLength(0);
    expect(seen).toHaveLength(1);
  });

  it('a redirect is not followed', async () => {
    handle = (_request, response) => response.writeHead(307, { location: `http://${upstreamHost}/api/other` }).end();
    const { status, headers } = await ask(FILES);
    expect(status).toBe(307);
    expect(headers.location).toBe(`http://${upstreamHost}/api/other`);
    expect(seen).toHaveLength(1);
  });
});

describe('what the upstream holds is no page of this server', () => {
  it.each([
    [undefined, 'attachment'],
    ['inline; filename="a.html"', 'attachment; filename="a.html"'],
    ['attachment; filename="a.html"', 'attachment; filename="a.html"'],
  ])('HTML with the disposition %s', async (disposition, expected) => {
    handle = (_request, response) => {
      if (disposition !== undefined) response.setHeader('content-disposition', disposition);
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "script-src 'unsafe-inline'" })
        .end('<script>alert(1)</script>');
    };
    const { headers } = await ask('/api/v1/files/storage/a.html');
    expect(headers).toMatchObject({
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'content-disposition': expected,
    });
  });

  it('and does not speak for its origin', async () => {
    handle = (_request, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'access-control-allow-origin': '*',
          'alt-svc': 'h3=":443"',
          'clear-site-data': '"*"',
          'strict-transport-security': 'max-age=1; includeSubDomains',
          'x-frame-options': 'ALLOWALL',
          'set-cookie': 'session=theirs; Path=/',
          refresh: '0; url=https://evil.example/',
          link: '<https://evil.example/>; rel=preload',
          'service-worker-allowed': '/',
        })
        .end('{}');
    const other = await ask(FILES, { headers: { origin: 'https://evil.example' } });
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    expect(other.headers).not.toHaveProperty('alt-svc');
    for (const name of ['clear-site-data', 'set-cookie', 'refresh', 'link', 'service-worker-allowed']) {
      expect(other.headers).not.toHaveProperty(name);
    }
    expect(other.headers['strict-transport-security']).not.toContain('includeSubDomains');
    expect(other.headers['x-frame-options']).toBe('DENY');

    const ours = await ask(FILES, { headers: { origin: 'https://page.example' } });
    expect(ours.headers['access-control-allow-origin']).toBe('https://page.example');
    expect(ours.headers.vary).toContain('Origin');
  });
});

describe('only what lies below /api is passed on', () => {
  it('the studio and the root are of this server', async () => {
    expect(await (await fetch(`${gateway.url}/`)).json()).toMatchObject({ name: 'kontur' });
    expect(await (await fetch(`${gateway.url}/studio/config.json`)).json()).toMatchObject({
      auth: { mode: 'upstream' },
    });
    expect(seen).toHaveLength(0);
  });

  it('other paths, and other methods of an operation that is served here', async () => {
    expect((await ask('/other')).status).toBe(404);
    expect((await ask('/oidc/token', { method: 'POST' })).status).toBe(404);
    expect((await ask('/api/v1/projects/plant/context/vision/segment', { method: 'DELETE' })).status).toBe(401);
    expect(seen).toHaveLength(0);
  });

  it.each(['/api/../oidc/token', '/api/%2e%2e/oidc/token', '/api/..\\oidc', '/api/v1/./x', '/api/a%2f..%2f..%2fb'])(
    'nor %s',
    async (path) => {
      // Written by hand, because clients tidy addresses up.
      const { port } = new URL(gateway.url);
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1.1 (400|404) /);
      expect(seen).toHaveLength(0);
    },
  );
});

const CHUNK = randomBytes(64 * 1024);
const CHUNKS = 1600;
const TOTAL = CHUNK.length * CHUNKS;

/** 100 MiB, and how much of it was taken. */
function largeStream() {
  const taken = { bytes: 0 };
  const stream = Readable.from(
    (async function* () {
      for (let count = 0; count < CHUNKS; count++) {
        taken.bytes += CHUNK.length;
        yield CHUNK;
      }
    })(),
    { objectMode: false, highWaterMark: CHUNK.length },
  );
  return { stream, taken };
}

/** Waits until nothing more is taken. */
async function stalled(taken: { bytes: number }): Promise<void> {
  for (let before = -1; before !== taken.bytes; await sleep(300)) before = taken.bytes;
}

async function hashOf(stream: Readable): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

describe('contents are streamed: what one side does not read, the other cannot send', () => {
  const expected = async () => hashOf(largeStream().stream);

  it('up', async () => {
    let received: Promise<unknown> | undefined;
    let read = () => {};
    handle = (request, response) => {
      read = () => {
        received = hashOf(request);
        void received.then(() => response.end('{}'));
      };
    };
    const { stream, taken } = largeStream();
    const request = open('/api/v1/files/storage/x', { method: 'PUT', headers: { 'content-length': TOTAL } });
    stream.pipe(request);
    await until(() => seen.length === 1);
    await stalled(taken);
    expect(taken.bytes).toBeLessThan(TOTAL);
    read();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
    expect(await received).toEqual(await expected());
    expect(seen[0]!.headers['content-length']).toBe(String(TOTAL));
  });

  it('down', async () => {
    const { stream, taken } = largeStream();
    handle = (_request, response) => stream.pipe(response);
    const request = open('/api/v1/files/storage/x').end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await stalled(taken);
    expect(taken.bytes).toBeLessThan(TOTAL);
    expect(await hashOf(response)).toEqual(await expected());
  });
});

describe('a client that goes away ends its request at the upstream', () => {
  const ended = async () => {
    const request = await until(() => seen[0]);
    await until(() => request.socket.destroyed);
  };

  it('before the answer', async () => {
    handle = () => {};
    const request = open(FILES).end();
    request.on('error', () => {});
    await until(() => seen.length === 1);
    request.destroy();
    await ended();
  });

  it('in the middle of the answer', async () => {
    handle = (_request, response) => void response.write('[');
    const request = open(FILES).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    request.destroy();
    await ended();
  });

  it('in the middle of an upload', async () => {
    handle = (request) => void request.resume().on('error', () => {});
    const request = open('/api/v1/files/storage/x', { method: 'PUT' });
    request.on('error', () => {});
    request.write('part');
    await until(() => seen.length === 1);
    request.destroy();
    await ended();
  });
});

describe('an upstream that fails', () => {
  it('before its answer is answered for with 503', async () => {
    handle = (request) => request.socket.destroy();
    const { status, headers, body } = await ask(FILES);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(JSON.parse(body.toString())).toEqual({
      error: { code: 503, message: expect.stringContaining('The upstream cannot be reached') },
    });
  });

  it('in the middle of its answer leaves no answer that looks whole', async () => {
    handle = (request, response) => {
      response.write('{"items":');
      setImmediate(() => request.socket.destroy());
    };
    await expect(ask(FILES)).rejects.toThrow(/aborted|ECONNRESET/);
  });
});

it('a certificate that nobody vouches for is not accepted', async () => {
  let asked = 0;
  const server = createTlsServer(SELF_SIGNED, (_request, response) => {
    asked++;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The server does answer who takes any certificate.
  const [lax] = (await once(getByTls(url, { rejectUnauthorized: false, agent: false }), 'response')) as [
    IncomingMessage,
  ];
  lax.resume();
  const strict = await startGateway(url);
  const passed = await strict.call('GET', '/files', 'token');
  const own = await strict.call('GET', '/context/vision/segment/1', 'token');
  await strict.close();
  server.closeAllConnections();
  server.close();
  expect([passed.status, own.status, asked]).toEqual([503, 503, 1]);
});
