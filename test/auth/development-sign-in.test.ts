import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevelopmentIssuer, type DevelopmentIssuer } from '../../src/auth/create-development-issuer.ts';
import { askForCode, type Browser, createBrowser, redeemCode, type SignIn, startSignIn } from './sign-in.ts';

let server: http.Server;
let issuer: DevelopmentIssuer;
let publicUrl: string;
const dataDir = mkdtempSync(path.join(tmpdir(), 'kontur-development-'));
beforeAll(async () => {
  server = http.createServer((request, response) => issuer.requestListener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer = await createDevelopmentIssuer({ publicUrl, dataDir });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dataDir, { recursive: true });
});

const studio = (): SignIn => ({
  issuer: issuer.issuerUrl,
  clientId: 'kontur-studio',
  redirectUri: `${publicUrl}/studio/`,
});

/**
 * A program that signs in as the studio does: keeps cookies, follows redirects, and prints where it ends and the text
 * there. With `hurried` it sends each request of the login page and closes its socket at once, then goes on as if it
 * had been answered.
 */
const PROGRAM = `
const net = require('node:net');
const [start, headers, hurried] = [process.argv[1], JSON.parse(process.argv[2]), process.argv[3] === 'hurried'];
const cookies = new Map();
const cookie = () => [...cookies].map(([name, value]) => name + '=' + value).join('; ');
(async () => {
  let url = start;
  let resume;
  for (let step = 0; step < 6; step++) {
    const { pathname, host, hostname, port } = new URL(url);
    if (pathname.startsWith('/studio/')) break;
    if (hurried && pathname.includes('/interaction/')) {
      for (let i = 0; i < 20; i++) {
        const socket = net.connect(port, hostname);
        socket.on('error', () => {});
        await new Promise((resolve) => socket.once('connect', resolve));
        socket.write('GET ' + pathname + ' HTTP/1.1\\r\\nhost: ' + host + '\\r\\ncookie: ' + cookie() + '\\r\\n\\r\\n', () => socket.destroy());
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      url = new URL('/oidc/auth/' + pathname.split('/').at(-1), url).href;
      continue;
    }
    const response = await fetch(url, { redirect: 'manual', headers: { ...headers, cookie: cookie() } });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return console.log(JSON.stringify({ url, status: response.status, text: await response.text() }));
    url = new URL(location, url).href;
  }
  console.log(JSON.stringify({ url, text: '' }));
})();
`;

interface Reached {
  url: string;
  status?: number;
  text: string;
}

/** Signs in by a process of a user; without one, of the user who runs this test, and so the server. */
async function signInAs(
  user: number | undefined,
  url: string,
  { headers = {}, hurried = false }: { headers?: Record<string, string>; hurried?: boolean } = {},
): Promise<Reached> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-e', PROGRAM, url, JSON.stringify(headers), hurried ? 'hurried' : ''],
    { cwd: '/', env: {}, ...(user !== undefined && { uid: user, gid: user }) },
  );
  return JSON.parse(stdout) as Reached;
}

const asksForSecret = ({ url, text }: Reached) =>
  url.includes('/oidc/interaction/') && text.includes('name="password"');

describe.runIf(process.platform === 'linux')('the studio, opened by the user who runs the server', () => {
  it('signs in without a page, by a browser’s way', async () => {
    const { verifier, url } = askForCode(studio());
    const reached = await signInAs(undefined, url);
    expect(reached.url).toContain(`${publicUrl}/studio/?code=`);
    const { status, body } = await redeemCode(reached.url, { ...studio(), verifier });
    expect([status, decodeJwt(body.access_token!).sub]).toEqual([200, 'developer']);
  });

  it('asks for the secret where another site led there, or a relay did, or by another name', async () => {
    const { url } = askForCode(studio());
    const others: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'x-forwarded-for': '10.0.0.7' },
      { forwarded: 'for=10.0.0.7' },
      { via: '1.1 relay' },
    ];
    for (const headers of others) {
      expect([headers, asksForSecret(await signInAs(undefined, url, { headers }))]).toEqual([headers, true]);
    }
    for (const site of ['same-origin', 'none']) {
      const reached = await signInAs(undefined, url, { headers: { 'sec-fetch-site': site } });
      expect(reached.url).toContain('/studio/?code=');
    }
    const byName = url.replace('127.0.0.1', 'localhost');
    expect(asksForSecret(await signInAs(undefined, byName))).toBe(true);
  });

  it('other programs ask for the secret, no matter who runs them', async () => {
    for (const other of [
      { ...studio(), redirectUri: 'http://localhost:3000/' },
      { ...studio(), clientId: 'kontur-cli', redirectUri: 'http://127.0.0.1:50123/callback' },
    ]) {
      expect(asksForSecret(await signInAs(undefined, askForCode(other).url))).toBe(true);
    }
  });

  it('signs in again after signing out', async () => {
    const browser = createBrowser();
    const { location } = await startSignIn(browser, studio());
    expect(location).toContain('/oidc/interaction/');
    const resumed = await browser.visit(
      new URL((await browser.visit(location)).headers.get('location')!, location).href,
    );
    expect(resumed.headers.get('location')).toContain('/studio/?code=');
  });
});

describe('the address that the server prints where it cannot know who clicks', () => {
  /** Opens it as another user of the machine does who was handed it: here a browser without any other claim. */
  const enter = (browser: Browser, address: string) => browser.visit(address);
  /** A page that another site led to, so that the socket does not count. */
  const fromElsewhere = { 'x-forwarded-for': '10.0.0.7' };

  it('signs in the browser that opens it first, and no other', async () => {
    const { entryUrl = '' } = issuer;
    expect(new URL(entryUrl).searchParams.get('key')).toMatch(/^[\w-]{43}$/);
    for (const wrong of ['', '?key=', `?key=${'x'.repeat(43)}`]) {
      const answer = await enter(createBrowser(), `${issuer.issuerUrl}/enter${wrong}`);
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
    }
    const browser = createBrowser(fromElsewhere);
    const { location: before } = await startSignIn(browser, studio());
    expect((await browser.visit(before)).status).toBe(200);

    const entered = await enter(browser, entryUrl);
    expect([entered.status, entered.headers.get('location')]).toEqual([303, `${publicUrl}/studio/`]);
    expect(entered.headers.getSetCookie().join()).toMatch(
      /^kontur-owner=[\w-]{43}; path=\/oidc; samesite=lax; httponly$/,
    );
    const { location } = await startSignIn(browser, studio());
    const passed = await browser.visit(location);
    expect(passed.status).toBe(303);
    const resumed = await browser.visit(new URL(passed.headers.get('location')!, location).href);
    expect(resumed.headers.get('location')).toContain(`${publicUrl}/studio/?code=`);

    const late = createBrowser(fromElsewhere);
    expect((await enter(late, entryUrl)).status).toBe(400);
    const { location: page } = await startSignIn(late, studio());
    expect(await (await late.visit(page)).text()).toContain('name="password"');
  });

  it('lets no other program in', async () => {
    const browser = createBrowser(fromElsewhere);
    browser.jar.set('kontur-owner', { value: 'x'.repeat(43), path: '/oidc' });
    const { location } = await startSignIn(browser, studio());
    expect((await browser.visit(location)).status).toBe(200);
  });
});

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('another user of the machine', () => {
  const NOBODY = 65_534;
  const SOMEBODY = 12_345;

  it.each([NOBODY, SOMEBODY])('%d gets no token: it is asked for the secret', async (user) => {
    const { url } = askForCode(studio());
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }] as Record<
      string,
      string
    >[]) {
      expect(asksForSecret(await signInAs(user, url, { headers }))).toBe(true);
    }
  });

  it('gets none by closing its socket before the server looks whose it is', async () => {
    const { url } = askForCode(studio());
    for (let round = 0; round < 3; round++) {
      const reached = await signInAs(SOMEBODY, url, { hurried: true });
      expect(reached.url).not.toContain('code=');
    }
    // What it tries is the way in, for whom it is meant.
    expect((await signInAs(undefined, url)).url).toContain('code=');
  });
});
