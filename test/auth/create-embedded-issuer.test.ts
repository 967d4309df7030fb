import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Group } from '#contract/access/group';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createEmbeddedIssuer, type EmbeddedIssuer } from '../../src/auth/create-embedded-issuer.ts';
import { createBuiltinTrusts } from '../../src/auth/create-project-trusts.ts';
import { hashSecret } from '../../src/auth/secret-hash.ts';
import { type Browser, createBrowser, redeemCode, type SignIn, startSignIn, submitLogin } from './sign-in.ts';

const BROWSER_APP = 'https://app.example/after-login';
const OPERATORS: Group = {
  id: 1,
  name: 'Operators',
  sourceId: 'operators',
  capabilities: [{ filesAcl: { actions: ['READ', 'WRITE'], scope: { datasetScope: { ids: [5] } } } }],
};

let server: http.Server;
let issuer: EmbeddedIssuer;
let folder: string;
let authenticate: ReturnType<typeof createAuthenticator>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kontur-issuer-'));
  server = http.createServer((request, response) => issuer.requestListener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = [{ id: 'robot', secretHash: await hashSecret('robot: secret+1'), groups: { plant: ['operators'] } }];
  const passwordHash = await hashSecret('correct horse');
  const users = ['anna', 'berta'].map((name) => ({ name, passwordHash, groups: { plant: ['operators'] } }));
  const keyFile = path.join(folder, 'issuer.json');
  issuer = await createEmbeddedIssuer({ publicUrl, keyFile, clients, users, redirectUris: [BROWSER_APP] });
  const projects = { plant: { groups: [OPERATORS] }, lab: { groups: [OPERATORS] } };
  authenticate = createAuthenticator(createBuiltinTrusts(issuer, { projects, clients, users }));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const browserApp = (): SignIn => ({
  issuer: issuer.issuerUrl,
  clientId: 'kontur-studio',
  redirectUri: BROWSER_APP,
});
const program = (): SignIn => ({
  issuer: issuer.issuerUrl,
  clientId: 'kontur-cli',
  redirectUri: 'http://127.0.0.1:50123/callback',
});
const anna = { name: 'anna', password: 'correct horse' };

describe('client credentials', () => {
  const ask = (form: Record<string, string>, authorization?: string) =>
    fetch(issuer.tokenUrl, {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
    });

  it('give a token that stands for the client, in the projects of its groups alone', async () => {
    const basic = `Basic ${Buffer.from(`robot:${encodeURIComponent('robot: secret+1')}`).toString('base64')}`;
    for (const response of [
      await ask({}, basic),
      await ask({ client_id: 'robot', client_secret: 'robot: secret+1' }),
    ]) {
      const { access_token: token } = (await response.json()) as { access_token: string };
      expect(await authenticate(`Bearer ${token}`, 'plant')).toEqual({
        subject: 'robot',
        project: 'plant',
        capabilities: [{ acl: 'filesAcl', actions: ['READ', 'WRITE'], dataSetIds: [5] }],
      });
      await expect(authenticate(`Bearer ${token}`, 'lab')).rejects.toThrow('Unauthorized');
    }
  });

  it('are not to be had with the hash, nor with the id of a public client or a user', async () => {
    for (const client_id of ['robot', 'kontur-studio', 'kontur-cli', 'anna']) {
      const hash = await hashSecret('robot: secret+1');
      expect((await ask({ client_id, client_secret: hash })).ok).toBe(false);
      expect((await ask({ client_id })).ok).toBe(false);
    }
  });
});

it('the discovery document offers what is granted, and token answers say what was', async () => {
  const discovery = await (await fetch(`${issuer.issuerUrl}/.well-known/openid-configuration`)).json();
  expect(discovery).toMatchObject({
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    scopes_supported: ['openid'],
    end_session_endpoint: `${issuer.issuerUrl}/session/end`,
  });
  const secret = { client_id: 'robot', client_secret: 'robot: secret+1' };
  for (const scope of [undefined, 'files', 'https://any.example/.default']) {
    const form = { grant_type: 'client_credentials', ...secret, ...(scope !== undefined && { scope }) };
    const answer = await fetch(issuer.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
    const { scope: granted, access_token } = (await answer.json()) as Record<string, string>;
    expect([scope, granted, decodeJwt(access_token!).scope]).toEqual([scope, 'files', 'files']);
  }
});

it('signing out ends the session of the browser, and leads back to addresses of the app alone', async () => {
  const browser = createBrowser();
  const first = await startSignIn(browser, browserApp());
  const { location } = await submitLogin(browser, first.location, anna);
  const { body } = await redeemCode(location, { ...browserApp(), verifier: first.verifier });
  expect(body.scope).toBe('openid files');
  // Who is signed in gets the next code at once.
  expect((await startSignIn(browser, browserApp())).location).toMatch(/^https:\/\/app\.example\/after-login\?code=/);

  const leave = (uri: string) =>
    browser.visit(
      `${issuer.issuerUrl}/session/end?${new URLSearchParams({ id_token_hint: body.id_token!, post_logout_redirect_uri: uri, state: 's' })}`,
    );
  expect((await leave('https://evil.example/')).status).toBe(400);
  const page = await (await leave(BROWSER_APP)).text();
  expect(page).toContain('Sign out of Kontur');
  const xsrf = /name="xsrf" value="(\w+)"/.exec(page)![1]!;
  const done = await browser.visit(`${issuer.issuerUrl}/session/end/confirm`, { xsrf, logout: 'yes' });
  expect([done.status, done.headers.get('location')]).toEqual([303, `${BROWSER_APP}?state=s`]);
  expect((await startSignIn(browser, browserApp())).location).toMatch(/\/oidc\/interaction\//);
});

it('the studio signs out without a question: with the id token of this very session, to its own address', async () => {
  const studio = new URL('/studio/', issuer.issuerUrl).href;
  const browser = createBrowser();
  const [own, app] = [{ ...browserApp(), redirectUri: studio }, browserApp()];
  const first = await startSignIn(browser, own);
  const { location } = await submitLogin(browser, first.location, anna);
  const idToken = (await redeemCode(location, { ...own, verifier: first.verifier })).body.id_token!;
  const leave = async (where: Browser, form: Record<string, string>) => {
    const page = await where.visit(`${issuer.issuerUrl}/session/end?${new URLSearchParams(form)}`);
    const text = await page.text();
    expect(text).toContain('Stay signed in');
    const script = /<script>(.*)<\/script>/.exec(text)?.[1];
    const digest = script && createHash('sha256').update(script).digest('base64');
    return { asks: digest === undefined, policy: page.headers.get('content-security-policy'), digest };
  };
  const another = createBrowser();
  const berta = await startSignIn(another, app);
  await submitLogin(another, berta.location, { ...anna, name: 'berta' });
  const known = { id_token_hint: idToken, post_logout_redirect_uri: studio };
  for (const [where, form] of [
    [browser, { client_id: 'kontur-studio', post_logout_redirect_uri: studio }],
    [browser, { id_token_hint: idToken, post_logout_redirect_uri: BROWSER_APP }],
    [browser, { id_token_hint: idToken }],
    [another, known],
  ] as [Browser, Record<string, string>][]) {
    expect(await leave(where, form)).toMatchObject({ asks: true, policy: expect.not.stringContaining('sha256') });
  }
  const { asks, policy, digest } = await leave(browser, known);
  expect(asks).toBe(false);
  expect(policy).toContain(`script-src 'sha256-${digest}';`);
});

describe('a browser app goes on without its user', () => {
  /** A page of a browser in which anna is signed in, or signs in. */
  async function openPage(browser: Browser): Promise<Record<string, string>> {
    const { verifier, location } = await startSignIn(browser, browserApp());
    const reached = location.startsWith(BROWSER_APP) ? location : (await submitLogin(browser, location, anna)).location;
    const { status, body } = await redeemCode(reached, { ...browserApp(), verifier });
    expect(status).toBe(200);
    return body;
  }
  async function renew(refresh_token = ''): Promise<{ status: number; body: Record<string, string> }> {
    const form = { grant_type: 'refresh_token', client_id: 'kontur-studio', scope: 'openid files', refresh_token };
    const response = await fetch(issuer.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }
  async function signOut(browser: Browser, id_token_hint = ''): Promise<void> {
    const page = await browser.visit(`${issuer.issuerUrl}/session/end?${new URLSearchParams({ id_token_hint })}`);
    const xsrf = /name="xsrf" value="(\w+)"/.exec(await page.text())![1]!;
    await browser.visit(`${issuer.issuerUrl}/session/end/confirm`, { xsrf, logout: 'yes' });
  }
  afterEach(() => vi.useRealTimers());

  it('with a token for each refresh token, every page of the browser for itself', async () => {
    const browser = createBrowser();
    const pages = [await openPage(browser), await openPage(browser)];
    for (const page of pages) {
      const { status, body } = await renew(page.refresh_token);
      expect([status, body.scope, body.token_type]).toEqual([200, 'openid files', 'Bearer']);
      expect((await authenticate(`Bearer ${body.access_token}`, 'plant')).subject).toBe('anna');
      expect(decodeJwt(body.id_token!).sub).toBe('anna');
      expect(new Set([page.refresh_token, body.refresh_token]).size).toBe(2);
      expect((await renew(body.refresh_token)).status).toBe(200);
    }
  });

  it('not with a token that was exchanged before: its holder may have stolen it, and all of them end', async () => {
    const page = await openPage(createBrowser());
    const { body } = await renew(page.refresh_token);
    expect((await renew(page.refresh_token)).body.error).toBe('invalid_grant');
    expect((await renew(body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('until the browser signs out', async () => {
    const browser = createBrowser();
    const [page, other] = [await openPage(browser), await openPage(browser)];
    await signOut(browser, page.id_token);
    for (const { refresh_token } of [page, other]) expect((await renew(refresh_token)).status).toBe(400);
    expect((await renew((await openPage(browser)).refresh_token)).status).toBe(200);
  });

  it('for as long as a session lasts, however often it asks', async () => {
    const start = Date.now();
    let { refresh_token } = await openPage(createBrowser());
    for (let hours = 1; hours < 8; hours++) {
      vi.useFakeTimers({ toFake: ['Date'], now: start + hours * 3_600_000 });
      const { status, body } = await renew(refresh_token);
      expect([hours, status]).toEqual([hours, 200]);
      refresh_token = body.refresh_token;
    }
    vi.setSystemTime(start + 8 * 3_600_000 + 1000);
    expect((await renew(refresh_token)).body.error).toBe('invalid_grant');
  });
});

describe('authorisation code with PKCE', () => {
  it('leads through the login page to a token that stands for the user', async () => {
    const browser = createBrowser();
    const { verifier, location: page } = await startSignIn(browser, browserApp());
    expect(page).toMatch(/\/oidc\/interaction\/[\w-]+$/);
    const login = await browser.visit(page);
    expect(login.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await login.text()).toMatch(/<label for="name">.*<input id="name".*<label for="password">/s);
    const { location } = await submitLogin(browser, page, anna);
    expect(location).toMatch(/^https:\/\/app\.example\/after-login\?code=/);
    expect(new URL(location).searchParams.get('state')).toBe('the-state');

    expect((await redeemCode(location, { ...browserApp(), verifier: 'x'.repeat(43) })).body.error).toBe(
      'invalid_grant',
    );
    const again = await startSignIn(browser, browserApp());
    expect(again.location).toMatch(/^https:\/\/app\.example\/after-login\?code=/);
    const { status, body } = await redeemCode(again.location, { ...browserApp(), verifier: again.verifier });
    expect([status, decodeJwt(body.access_token!).sub, decodeJwt(body.id_token!).sub]).toEqual([200, 'anna', 'anna']);
    expect((await authenticate(`Bearer ${body.access_token}`, 'plant')).subject).toBe('anna');
    // An id token is not made for this API.
    await expect(authenticate(`Bearer ${body.id_token}`, 'plant')).rejects.toThrow('Unauthorized');
    expect((await redeemCode(again.location, { ...browserApp(), verifier: again.verifier })).status).toBe(400);
    expect(verifier).not.toBe(again.verifier);
  });

  it('serves programs on the computer, on any loopback port, and asks the user each time', async () => {
    const browser = createBrowser();
    const first = await startSignIn(browser, program());
    const { location } = await submitLogin(browser, first.location, anna);
    expect(location).toMatch(/^http:\/\/127\.0\.0\.1:50123\/callback\?code=/);
    const token = await redeemCode(location, { ...program(), verifier: first.verifier });
    expect((await authenticate(`Bearer ${token.body.access_token}`, 'plant')).subject).toBe('anna');
    expect(token.body.refresh_token).toBeUndefined();

    const second = await startSignIn(browser, program());
    const page = await (await browser.visit(second.location)).text();
    expect(page).toContain('You are <strong>anna</strong>');
    expect(page).not.toContain('password');
    const allowed = await submitLogin(browser, second.location, {});
    expect(allowed.location).toMatch(/callback\?code=/);
  });

  it('gives the code to no other address, and none without PKCE', async () => {
    for (const redirectUri of [`${BROWSER_APP}/x`, 'https://evil.example/after-login', 'http://127.0.0.1:1/callback']) {
      const { response, location } = await startSignIn(createBrowser(), { ...browserApp(), redirectUri });
      expect([response.status, location]).toEqual([400, '']);
      const text = await response.text();
      expect(text).toContain('Signing in did not work');
      expect(text).not.toContain('http');
    }
    const plain = { code_challenge: '', code_challenge_method: '' };
    const { location } = await startSignIn(createBrowser(), { ...browserApp(), more: plain });
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request');
    const implicit = await startSignIn(createBrowser(), { ...browserApp(), more: { response_type: 'token' } });
    expect(implicit.location).not.toContain('access_token');
  });

  it('refuses a wrong password and an unknown user alike, ever more slowly', async () => {
    const browser = createBrowser();
    const { location: page } = await startSignIn(browser, browserApp());
    const wrong = await browser.visit(page, { name: 'nobody"><b>', password: 'x' });
    expect(wrong.status).toBe(401);
    const text = await wrong.text();
    expect(text).toContain('The user name or the password is wrong.');
    expect(text).toContain('value="nobody&quot;&gt;&lt;b&gt;"');
    for (let i = 0; i < 5; i++) expect((await browser.visit(page, { name: 'bob', password: 'x' })).status).toBe(401);
    const slowed = await browser.visit(page, { name: 'bob', password: 'x' });
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await submitLogin(browser, page, anna)).location).toContain('code=');
  });

  it('shows the login page only to the browser that asked for it', async () => {
    const { location: page } = await startSignIn(createBrowser(), browserApp());
    const stranger = await createBrowser().visit(page, anna);
    expect([stranger.status, stranger.headers.get('location')]).toEqual([400, null]);
    const browser = createBrowser();
    const { location: own } = await startSignIn(browser, browserApp());
    expect((await browser.visit(own, { ...anna, padding: 'x'.repeat(20_000) })).status).toBe(413);
  });

  it('lets another user sign in on the same browser', async () => {
    const browser = createBrowser();
    const first = await startSignIn(browser, browserApp());
    await submitLogin(browser, first.location, anna);
    const again = await startSignIn(browser, { ...browserApp(), more: { prompt: 'login' } });
    expect(again.location).toContain('/interaction/');
    const { location } = await submitLogin(browser, again.location, { ...anna, name: 'berta' });
    const { body } = await redeemCode(location, { ...browserApp(), verifier: again.verifier });
    expect(decodeJwt(body.access_token!).sub).toBe('berta');
  });
});
