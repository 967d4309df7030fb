import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import {
  createDevelopmentIssuer,
  DEVELOPERS,
  type DevelopmentIssuer,
} from '../../src/auth/create-development-issuer.ts';
import { toCapabilities } from '../../src/auth/principal.ts';
import { createBrowser, redeemCode, startSignIn } from './sign-in.ts';

let dataDir: string;
let issuer: DevelopmentIssuer;
let server: http.Server;
let base: string;
const printed: unknown[] = [];
const publicUrl = 'http://localhost:9999';

beforeAll(async () => {
  const spies = (['warn', 'info', 'log', 'error'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...args) => void printed.push(args)),
  );
  dataDir = await mkdtemp(path.join(tmpdir(), 'kontur-issuer-'));
  issuer = await createDevelopmentIssuer({ publicUrl, dataDir });
  for (const spy of spies) spy.mockRestore();
  server = http.createServer(issuer.requestListener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oidc`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(dataDir, { recursive: true });
});

async function askForToken(form: Record<string, string>, authorization?: string) {
  const response = await fetch(`${base}/token`, {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const post = ({ clientId, clientSecret } = issuer.credentials) => ({
  client_id: clientId,
  client_secret: clientSecret,
});
const basic = ({ clientId, clientSecret } = issuer.credentials) => `Basic ${btoa(`${clientId}:${clientSecret}`)}`;

it('starts without printing anything', () => {
  expect(printed).toEqual([]);
});

it('says where it is, under the public URL', async () => {
  expect(issuer).toMatchObject({
    issuerUrl: 'http://localhost:9999/oidc',
    tokenUrl: 'http://localhost:9999/oidc/token',
    jwksUrl: 'http://localhost:9999/oidc/jwks',
  });
  const response = await fetch(`${base}/.well-known/openid-configuration`);
  const discovery = (await response.json()) as Record<string, unknown>;
  expect(discovery).toMatchObject({
    issuer: issuer.issuerUrl,
    token_endpoint: issuer.tokenUrl,
    jwks_uri: issuer.jwksUrl,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  });
  expect(discovery.grant_types_supported).not.toContain('implicit');
});

it('gives a token for client credentials, in the header or in the form', async () => {
  for (const answer of [await askForToken({}, basic()), await askForToken(post())]) {
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } });
    const token = answer.body.access_token as string;
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    const { iss, aud, sub, iat, exp } = decodeJwt(token);
    expect([iss, aud, sub, exp! - iat!]).toEqual([
      issuer.issuerUrl,
      'urn:kontur:api',
      issuer.credentials.clientId,
      3600,
    ]);
    const principal = await createAuthenticator([issuer.trust])(`Bearer ${token}`, 'demo');
    expect(principal).toEqual({
      subject: issuer.credentials.clientId,
      project: 'demo',
      capabilities: toCapabilities([DEVELOPERS]),
    });
  }
});

it('gives a token whatever resource or scope a client is set up with', async () => {
  const settings: Record<string, string>[] = [
    { scope: 'https://api.cognitedata.com/.default' },
    { resource: 'https://api.cognitedata.com' },
    { audience: 'https://api.cognitedata.com' },
  ];
  for (const extra of settings) {
    const { status, body } = await askForToken({ ...post(), ...extra });
    expect([status, decodeJwt(body.access_token as string).aud]).toEqual([200, 'urn:kontur:api']);
  }
});

it('refuses a wrong secret, an unknown client and other grants', async () => {
  const { clientId, clientSecret } = issuer.credentials;
  expect((await askForToken(post({ clientId, clientSecret: `${clientSecret}x` }))).status).toBe(401);
  expect((await askForToken({}, basic({ clientId: 'other', clientSecret }))).status).toBe(401);
  expect((await askForToken({})).status).toBe(400);
  expect((await askForToken({ ...post(), grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
});

it('publishes its public key and nothing of the private one', async () => {
  const { keys } = (await (await fetch(`${base}/jwks`)).json()) as { keys: Record<string, string>[] };
  expect(keys).toHaveLength(1);
  expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

it('keeps its key and its client in the data folder, so that tokens outlive a restart', async () => {
  const token = (await askForToken(post())).body.access_token;
  const restarted = await createDevelopmentIssuer({ publicUrl, dataDir });
  expect(restarted.credentials).toEqual(issuer.credentials);
  expect((await createAuthenticator([restarted.trust])(`Bearer ${token}`, 'demo')).project).toBe('demo');
  const file = path.join(dataDir, 'development-client.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(issuer.credentials);
  for (const secret of [file, path.join(dataDir, 'keys', 'development-issuer.json')]) {
    expect((await stat(secret)).mode & 0o777).toBe(0o600);
  }
});

it('of another data folder is another issuer', async () => {
  const otherDir = await mkdtemp(path.join(tmpdir(), 'kontur-issuer-'));
  try {
    const other = await createDevelopmentIssuer({ publicUrl, dataDir: otherDir });
    expect(other.credentials.clientSecret).not.toBe(issuer.credentials.clientSecret);
    const token = (await askForToken(post())).body.access_token;
    await expect(createAuthenticator([other.trust])(`Bearer ${token}`, 'demo')).rejects.toThrow('Unauthorized');
  } finally {
    await rm(otherDir, { recursive: true });
  }
});

it('its user signs in with the secret of the data folder, and with nothing else', async () => {
  // The issuer forms its addresses from the public URL, where nobody listens here.
  const here = (address: string) => address.replace(publicUrl, new URL(base).origin);
  const signIn = { issuer: base, clientId: 'kontur-studio', redirectUri: 'http://localhost:3000/' };
  const browser = createBrowser();
  const first = await startSignIn(browser, signIn);
  const page = here(first.location);
  const shown = await (await browser.visit(page)).text();
  expect(shown).toContain('<strong>developer</strong>');
  expect(shown).toContain('development-client.json');
  expect(shown).not.toContain(issuer.credentials.clientSecret);
  for (const form of [
    {},
    { password: '' },
    { password: 'guess' },
    { name: 'developer' },
    { name: 'developer', password: 'x' },
  ]) {
    const answer = await browser.visit(page, form as Record<string, string>);
    expect([answer.status, answer.headers.get('location')]).toEqual([401, null]);
  }
  const answer = await browser.visit(page, { password: issuer.credentials.clientSecret });
  const resumed = await browser.visit(here(new URL(answer.headers.get('location')!, base).href));
  const location = resumed.headers.get('location')!;
  expect(location).toMatch(/^http:\/\/localhost:3000\/\?code=/);
  const { body } = await redeemCode(location, { ...signIn, verifier: first.verifier });
  expect(decodeJwt(body.access_token!).sub).toBe('developer');
});
