import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../../src/auth/authorise.ts';
import type { Action } from '../../../src/auth/principal.ts';
import { createApp } from '../../../src/http/create-app.ts';
import { startTestApp, type TestApp } from '../start-test-app.ts';

let t: TestApp;
let signingKey: JWK;
beforeAll(async () => {
  t = await startTestApp();
  signingKey = JSON.parse(await readFile(path.join(t.dataDir, 'keys', 'development-issuer.json'), 'utf8'));
});
afterAll(() => t?.close());

const demo = '/api/v1/projects/demo';
/**
 * One address of every kind: existing, wrong in any other way too, unknown, and with a method that it does not have.
 */
const ADDRESSES = [
  ['POST', `${demo}/context/vision/segment`],
  ['GET', `${demo}/context/vision/segment/1`],
  ['GET', `${demo}/context/vision/segment/none`],
  ['POST', `${demo}/files`],
  ['POST', `${demo}/files/?overwrite=maybe`],
  ['POST', `${demo}/files/byids`],
  ['GET', `${demo}/files/1`],
  ['HEAD', `${demo}/files/1`],
  ['POST', `${demo}/files/list`],
  ['POST', `${demo}/files/downloadlink`],
  ['POST', `${demo}/files/delete`],
  ['DELETE', `${demo}/files/1`],
  ['PATCH', `${demo}/files`],
  ['GET', `${demo}/no/such/thing`],
  ['POST', '/api/v1/projects/nobody/files'],
  ['GET', '/api/v1/projects/nobody/no/such/thing'],
  ['GET', '/api/v1/projects'],
  ['GET', '/api/v1/token/inspect'],
  ['GET', '/api'],
  ['GET', '/api/v1/files/storage/other'],
] as const;

/** A token that would be good but for what is given. */
async function tokenWith(
  claims: JWTPayload,
  header: Partial<JWTHeaderParameters> = {},
  key?: Parameters<SignJWT['sign']>[0],
) {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: t.issuer.issuerUrl,
    aud: 'urn:kontur:api',
    sub: 'someone',
    iat: now,
    exp: now + 600,
    ...claims,
  };
  const signer = new SignJWT(payload).setProtectedHeader({
    alg: 'RS256',
    typ: 'at+jwt',
    kid: signingKey.kid,
    ...header,
  });
  return signer.sign(key ?? (await importJWK(signingKey, 'RS256')));
}

const withToken = (token: string, project = 'demo') =>
  t.send({ url: `/api/v1/projects/${project}/files/1`, headers: { authorization: `Bearer ${token}` } });

describe('without a token', () => {
  it.each(ADDRESSES)('%s %s is answered 401, whatever else is wrong with it', async (method, url) => {
    const answers = [
      await t.app.inject({ method, url }),
      await t.app.inject({ method, url, payload: '{not json', headers: { 'content-type': 'application/json' } }),
      await t.app.inject({
        method,
        url,
        payload: 'x',
        headers: { 'content-type': 'text/plain', 'content-encoding': 'br' },
      }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      if (method !== 'HEAD') expect(answer.json()).toEqual({ error: { code: 401, message: 'Unauthorized' } });
    }
  });

  it('the rest of the server is open', async () => {
    for (const url of [
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/oidc/.well-known/openid-configuration',
      '/oidc/jwks',
    ]) {
      expect([url, (await t.app.inject(url)).statusCode]).toEqual([url, 200]);
    }
    expect((await t.app.inject('/nothing')).statusCode).toBe(404);
  });
});

describe('a token', () => {
  it('that is good gets through to the operation', async () => {
    expect((await withToken(await tokenWith({}))).json().error.message).toBe('File ids not found: 1');
    const lowerCase = { authorization: `bearer ${t.token}` };
    expect((await t.send({ url: `${demo}/files/1`, headers: lowerCase })).statusCode).toBe(400);
  });

  it.each<[string, () => Promise<string>]>([
    ['garbage', async () => 'nonsense'],
    ['three parts of garbage', async () => 'a.b.c'],
    ['empty', async () => ''],
    ['cut off', async () => t.token.slice(0, -10)],
    ['for another audience', () => tokenWith({ aud: 'kontur-development' })],
    ['without an audience', () => tokenWith({ aud: undefined })],
    ['of another issuer', () => tokenWith({ iss: 'https://login.example/' })],
    ['without an end', () => tokenWith({ exp: undefined })],
    ['without a subject', () => tokenWith({ sub: undefined })],
    ['not valid yet', () => tokenWith({ nbf: Math.floor(Date.now() / 1000) + 600 })],
    [
      'signed with another key of the same name',
      async () => tokenWith({}, {}, (await generateKeyPair('RS256')).privateKey),
    ],
    ['of an unknown key', () => tokenWith({}, { kid: 'unknown' })],
    [
      'signed with the public key as a secret',
      async () => {
        const { n, e, kty } = signingKey;
        const publicKey = (await importJWK({ n, e, kty }, 'RS256', { extractable: true })) as Parameters<
          typeof exportSPKI
        >[0];
        return tokenWith({}, { alg: 'HS256' }, new TextEncoder().encode(await exportSPKI(publicKey)));
      },
    ],
    [
      'not signed',
      async () => {
        const [, claims] = (await tokenWith({})).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
      },
    ],
    [
      'whose claims were changed',
      async () => {
        const [header, , signature] = t.token.split('.');
        const { iss, aud, exp } = JSON.parse(Buffer.from(t.token.split('.')[1]!, 'base64url').toString());
        const claims = Buffer.from(JSON.stringify({ iss, aud, exp, sub: 'admin' })).toString('base64url');
        return `${header}.${claims}.${signature}`;
      },
    ],
    [
      'that is the signature of a link',
      () => t.dependencies.links.sign({ kind: 'download', project: 'demo', fileId: 1, uploadGeneration: 1 }, 60_000),
    ],
  ])('that is %s is answered 401', async (_, token) => {
    const answer = await withToken(await token());
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({ error: { code: 401, message: 'Unauthorized' } });
  });

  it('that has expired is refused for that reason', async () => {
    const answer = await withToken(await tokenWith({ exp: Math.floor(Date.now() / 1000) - 60 }));
    expect(answer.json()).toEqual({ error: { code: 401, message: 'Unauthorized: the token has expired.' } });
    expect(answer.statusCode).toBe(401);
  });

  it('of another scheme is answered 401', async () => {
    const headers = { authorization: `Basic ${t.token}` };
    expect((await t.send({ url: `${demo}/files/1`, headers })).statusCode).toBe(401);
  });

  it('of one project is not accepted in another, nor in one that does not exist', async () => {
    expect((await withToken(t.otherToken, 'other')).statusCode).toBe(400);
    for (const [token, project] of [
      [t.token, 'other'],
      [t.otherToken, 'demo'],
      [t.token, 'nobody'],
      [t.token, 'Demo'],
    ] as const) {
      const answer = await withToken(token, project);
      expect([project, answer.statusCode, answer.json().error.message]).toEqual([project, 401, 'Unauthorized']);
      const unknown = { url: `/api/v1/projects/${project}/no/such`, headers: { authorization: `Bearer ${token}` } };
      expect((await t.send(unknown)).statusCode).toBe(401);
    }
  });

  it('says who asks on an address that has no operation: 404, or 405 with the methods there are', async () => {
    const headers = { authorization: `Bearer ${t.token}` };
    const unknown = await t.send({ method: 'POST', url: `${demo}/no/such?token=1`, headers, payload: { a: 1 } });
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json().error.message).toBe(
      'There is no operation POST /api/v1/projects/demo/no/such. /openapi.json lists those there are.',
    );
    const other = await t.send({ method: 'DELETE', url: `${demo}/files/1`, headers });
    expect([other.statusCode, other.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(other.json()).toEqual({ error: { code: 405, message: 'DELETE is not possible here, only GET, HEAD.' } });
  });
});

describe('a principal', () => {
  const writes = [
    ['POST', '/files', { name: 'a' }],
    ['POST', '/files/delete', { items: [{ id: 1 }] }],
  ] as const;
  const reads = [
    ['POST', '/context/vision/segment', { items: [{ fileId: 1 }], points: [{ x: 0, y: 0 }] }],
    ['GET', '/context/vision/segment/1', undefined],
    ['POST', '/files/byids', { items: [{ id: 1 }] }],
    ['POST', '/files/downloadlink', { items: [{ id: 1 }] }],
    ['POST', '/files/list', {}],
    ['GET', '/files/1', undefined],
  ] as const;

  it.each<[Action[], readonly (readonly [string, string, unknown])[]]>([
    [['READ'], writes],
    [['WRITE'], reads],
    [[], [...writes, ...reads]],
  ])('with only %j is refused everything else', async (actions, refused) => {
    const app = await createApp({
      ...t.dependencies,
      authenticate: async () => ({ subject: 's', project: 'demo', capabilities: [{ acl: 'filesAcl', actions }] }),
    });
    for (const [method, url, payload] of refused) {
      const answer = await app.inject({
        method: method as 'GET',
        url: demo + url,
        payload: payload as object,
        headers: { 'cdf-version': 'beta' },
      });
      expect([url, answer.statusCode]).toEqual([url, 403]);
      expect(answer.json()).toEqual({ error: { code: 403, message: FORBIDDEN_MESSAGE } });
    }
    await app.close();
  });
});
