import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Studio } from '../../../../src/http/app-dependencies.ts';
import { createApp } from '../../../../src/http/create-app.ts';
import { PHOTO } from '../../../../testing/server-process.ts';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

const PAGE = '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><title>studio</title>';
const SCRIPT = 'export const answer = 42;\n'.repeat(200);

let t: TestApp;
let app: FastifyInstance;
let folder: string;
const apps: FastifyInstance[] = [];

/** Another app on the same parts, with another studio. */
async function withStudio(changes: Partial<Studio>, settings = {}): Promise<FastifyInstance> {
  const { dependencies } = t;
  const other = await createApp({
    ...dependencies,
    settings: { ...dependencies.settings, ...settings },
    studio: { ...dependencies.studio, ...changes },
  });
  apps.push(other);
  return other;
}

beforeAll(async () => {
  t = await startTestApp();
  folder = mkdtempSync(path.join(tmpdir(), 'kontur-studio-'));
  mkdirSync(path.join(folder, 'assets'));
  const put = (name: string, content: string | Buffer) => writeFileSync(path.join(folder, name), content);
  put('index.html', PAGE);
  put('favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  put('.hidden', 'a secret');
  put('assets/app-1a2b3c.js', SCRIPT);
  put('assets/app-1a2b3c.js.gz', gzipSync(SCRIPT));
  put('assets/decode-1a2b3c.wasm', Buffer.from([0, 97, 115, 109]));
  put('assets/decode-1a2b3c.wasm.gz', gzipSync(Buffer.from([0, 97, 115, 109])));
  writeFileSync(`${folder}-next.txt`, 'a secret');
  app = await withStudio({ folder });
});
afterAll(async () => {
  await Promise.all(apps.map((other) => other.close()));
  await t?.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}-next.txt`, { force: true });
});

describe('the page', () => {
  const nonceOf = (text: string) => /content="([^"]*)"/.exec(text)?.[1] ?? '';

  it('is kept by no cache, and has a nonce that no other answer has', async () => {
    const pages = await Promise.all([app.inject('/studio/'), app.inject('/studio/index.html')]);
    const nonces = pages.map(({ body }) => nonceOf(body));
    expect(new Set(nonces).size).toBe(2);
    for (const [index, { statusCode, headers, body }] of pages.entries()) {
      const nonce = nonces[index] ?? '';
      expect(statusCode).toBe(200);
      expect(Buffer.from(nonce, 'base64').length).toBe(16);
      expect(body).not.toContain('__CSP_NONCE__');
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'permissions-policy': expect.stringContaining('camera=()'),
        'x-frame-options': 'SAMEORIGIN',
        'x-content-type-options': 'nosniff',
      });
      const policy = String(headers['content-security-policy']).split('; ');
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self' 'wasm-unsafe-eval'",
          `style-src 'self' 'nonce-${nonce}'`,
          "connect-src 'self'",
          "worker-src 'self'",
          "base-uri 'none'",
          "frame-ancestors 'self'",
        ]),
      );
    }
  });

  it('may call what is elsewhere, and only that', async () => {
    const origins = ['https://login.example', 'https://store.example:9000'];
    const other = await withStudio({ folder, otherOrigins: async () => origins });
    const policy = String((await other.inject('/studio/')).headers['content-security-policy']).split('; ');
    expect(policy).toContain("connect-src 'self' https://login.example https://store.example:9000");
    expect(policy.filter((directive) => directive.includes('login.example'))).toHaveLength(1);
  });

  it('is reached without the slash at its end, and keeps what the issuer adds', async () => {
    const answer = await app.inject('/studio?code=a&state=b');
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe('/studio/?code=a&state=b');
  });

  it('leads to the name of the machine that signs in, in development', async () => {
    const ask = (host: string, of = app) => of.inject({ url: '/studio/?state=b', headers: { host } });
    expect((await ask('127.0.0.1:8321')).statusCode).toBe(200);
    for (const host of ['localhost:8321', '[::1]:8321']) {
      expect((await ask(host)).headers.location).toBe('http://127.0.0.1:8321/studio/?state=b');
    }
    // Through a tunnel there is no better address.
    expect((await ask('localhost:9000')).statusCode).toBe(200);
    const elsewhere = await withStudio({ folder }, { loopbackHostsOnly: false });
    expect((await ask('proxied.example:8321', elsewhere)).statusCode).toBe(200);
  });

  it('that is not built yet says how to build it', async () => {
    const other = await withStudio({ folder: path.join(folder, 'none') });
    const { statusCode, headers, body } = await other.inject('/studio/');
    expect(statusCode).toBe(404);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body).toMatch(/^The studio is not built yet\. .*npm run build\n$/);
    expect((await other.inject('/studio/assets/app-1a2b3c.js')).statusCode).toBe(404);
  });

  it('can only be read', async () => {
    const answer = await app.inject({ method: 'POST', url: '/studio/' });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect((await app.inject({ method: 'PUT', url: '/studio/assets/app-1a2b3c.js' })).statusCode).toBe(405);
    expect((await app.inject({ method: 'HEAD', url: '/studio/' })).statusCode).toBe(200);
  });
});

describe('its files', () => {
  it('whose names have a hash are kept for a year, isolated like the page', async () => {
    const { statusCode, headers, body } = await app.inject('/studio/assets/app-1a2b3c.js');
    expect(statusCode).toBe(200);
    expect(body).toBe(SCRIPT);
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript/),
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("'wasm-unsafe-eval'"),
      'x-frame-options': 'DENY',
    });
  });

  it('others are asked for again', async () => {
    const { headers } = await app.inject('/studio/favicon.svg');
    expect(headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=0' });
    const again = await app.inject({ url: '/studio/favicon.svg', headers: { 'if-none-match': String(headers.etag) } });
    expect(again.statusCode).toBe(304);
  });

  it.each([
    ['app-1a2b3c.js', /javascript/, Buffer.from(SCRIPT)],
    ['decode-1a2b3c.wasm', /^application\/wasm$/, Buffer.from([0, 97, 115, 109])],
  ])('%s travels compressed where it may', async (name, type, content) => {
    const url = `/studio/assets/${name}`;
    const { headers, rawPayload } = await app.inject({ url, headers: { 'accept-encoding': 'gzip, deflate' } });
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(type),
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
    });
    expect(gunzipSync(rawPayload)).toEqual(content);
    expect((await app.inject(url)).rawPayload).toEqual(content);
  });

  it.each([
    'assets/gone-1a2b3c.js',
    'assets',
    'assets/',
    '.hidden',
    '%2ehidden',
    '../secret',
    '..%2f..%2fetc%2fpasswd',
    'assets/..%2f.hidden',
    'assets%2f..%5c..%5c.hidden',
    'a%00b',
    'photo/1',
  ])('there is none at %s', async (name) => {
    const { statusCode, headers, body } = await app.inject(`/studio/${name}`);
    expect(statusCode).toBe(404);
    expect(headers['cache-control']).toBeUndefined();
    expect(body).not.toContain('a secret');
  });

  it('of a folder next to it are none of its', async () => {
    const answer = await app.inject(`/studio/..%2f${path.basename(folder)}-next.txt`);
    expect(answer.statusCode).toBe(404);
  });
});

it('the sample photo is there to be uploaded', async () => {
  const { statusCode, headers, rawPayload } = await app.inject('/studio/sample.jpg');
  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'cross-origin-resource-policy': 'same-origin' });
  expect(rawPayload.equals(PHOTO)).toBe(true);
});

it('the page learns how to sign in, without a token', async () => {
  const { statusCode, headers, body } = await app.inject('/studio/config.json');
  expect(statusCode).toBe(200);
  expect(headers['cache-control']).toBe('no-cache');
  expect(JSON.parse(body)).toEqual({
    build: createHash('sha256').update(PAGE).digest('hex').slice(0, 16),
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    auth: {
      mode: 'development',
      authority: 'http://127.0.0.1:8321/oidc',
      clientId: 'kontur-studio',
      scope: 'openid',
      redirectUri: 'http://127.0.0.1:8321/studio/',
      missing: [],
    },
  });
});

describe('the root', () => {
  it('leads a browser to the studio, and tells programs where things are', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const browser = await app.inject({ url: '/', headers: { accept } });
    expect([browser.statusCode, browser.headers.location]).toEqual([302, '/studio/']);
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const answer = await app.inject({ url: '/', headers });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers.vary).toBe('Accept-Encoding, Accept');
      expect(answer.json()).toEqual({
        name: 'kontur',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        links: {
          studio: 'http://127.0.0.1:8321/studio/',
          description: 'http://127.0.0.1:8321/openapi.json',
          health: 'http://127.0.0.1:8321/healthz',
          readiness: 'http://127.0.0.1:8321/readyz',
        },
      });
    }
  });
});
