import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET, startBuiltinServer } from '../../testing/builtin-server.ts';
import { findBrowser } from '../../testing/find-browser.ts';
import { createFolders, PHOTO, root, type ServerProcess } from '../../testing/server-process.ts';

const OIDC_CLIENT = readFileSync(path.join(root, 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'));
const PAGE = '<!doctype html><meta charset="utf-8"><title>app</title><script src="/oidc-client-ts.js"></script>';

/** An app on another origin: one page, the library that signs in, and a photo. */
async function startPages(): Promise<{ origin: string; close(): void }> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app');
    if (pathname === '/oidc-client-ts.js')
      return response.setHeader('content-type', 'text/javascript').end(OIDC_CLIENT);
    if (pathname === '/photo.jpg') return response.setHeader('content-type', 'image/jpeg').end(PHOTO);
    return response.setHeader('content-type', 'text/html').end(PAGE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const executablePath = findBrowser();

describe.skipIf(executablePath === undefined)('an app of another origin, in a browser', () => {
  const folders = createFolders();
  let allowed: Awaited<ReturnType<typeof startPages>>;
  let other: Awaited<ReturnType<typeof startPages>>;
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [allowed, other] = await Promise.all([startPages(), startPages()]);
    server = await startBuiltinServer(folders, {
      KONTUR_CORS_ORIGINS: allowed.origin,
      KONTUR_REDIRECT_URIS: `${allowed.origin}/,${other.origin}/`,
    });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGTERM');
    allowed?.close();
    other?.close();
    folders.remove();
  });

  /** Runs the body of an async function in the page, with the library's manager of the user as `manager`. */
  const inPage = <Result>(body: string) =>
    page.evaluate<Result>(`(async () => {
      const manager = new oidc.UserManager({
        authority: '${server.url}/oidc',
        client_id: 'kontur-studio',
        redirect_uri: location.origin + '/',
        post_logout_redirect_uri: location.origin + '/',
        scope: 'openid',
        automaticSilentRenew: false,
      });
      ${body}
    })()`);
  const leave = async (body: string) => {
    const left = page.waitForNavigation();
    await inPage<void>(body);
    await left;
  };

  it('signs in with a kept library', async () => {
    await page.goto(`${allowed.origin}/`);
    await leave('void manager.signinRedirect();');
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill(SECRET);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${allowed.origin}/?code=*`);
    const user = await inPage<{ sub: string; scope: string; type: string }>(`
      const user = await manager.signinCallback();
      return { sub: user.profile.sub, scope: user.scope, type: user.token_type };
    `);
    expect(user).toEqual({ sub: 'anna', scope: 'openid files', type: 'Bearer' });
  });

  it('goes on without the user, with the next token', async () => {
    const users = await inPage<{ sub: string; scope: string; token: string }[]>(`
      const before = await manager.getUser();
      const after = await manager.signinSilent();
      return [before, after].map(({ profile, scope, access_token }) => ({ sub: profile.sub, scope, token: access_token }));
    `);
    for (const { sub, scope } of users) expect([sub, scope]).toEqual(['anna', 'openid files']);
    expect(new Set(users.map(({ token }) => token)).size).toBe(2);
    expect(await page.locator('iframe').count()).toBe(0);
  });

  it('uploads a photo, segments it, and reads a part of the content', async () => {
    const answer = await inPage<{ status: string; polygons: number; part: string; bytes: number; etag: string }>(`
      const { access_token } = await manager.getUser();
      const call = async (method, path, body) => {
        const response = await fetch('${server.url}/api/v1/projects/plant' + path, {
          method,
          headers: { authorization: 'Bearer ' + access_token, 'content-type': 'application/json', 'cdf-version': 'beta' },
          body: body && JSON.stringify(body),
        });
        if (!response.ok) throw new Error(await response.text());
        return response.json();
      };
      const photo = await (await fetch('/photo.jpg')).arrayBuffer();
      const file = await call('POST', '/files', { name: 'boats.jpg', mimeType: 'image/jpeg', dataSetId: 5 });
      const put = await fetch(file.uploadUrl, { method: 'PUT', body: photo, headers: { 'content-type': 'image/jpeg' } });
      if (!put.ok) throw new Error(await put.text());
      let job = await call('POST', '/context/vision/segment', { items: [{ fileId: file.id }], points: [{ x: 0.5, y: 0.5 }] });
      while (job.status !== 'Completed' && job.status !== 'Failed') {
        await new Promise((resolve) => setTimeout(resolve, 50));
        job = await call('GET', '/context/vision/segment/' + job.jobId);
      }
      const { items } = await call('POST', '/files/downloadlink', { items: [{ id: file.id }] });
      const content = await fetch(items[0].downloadUrl, { headers: { range: 'bytes=0-99' } });
      return {
        status: job.status,
        polygons: job.items[0].segments[0].polygons.length,
        part: content.headers.get('content-range'),
        bytes: (await content.arrayBuffer()).byteLength,
        etag: content.headers.get('etag'),
      };
    `);
    expect(answer).toMatchObject({ status: 'Completed', part: `bytes 0-99/${PHOTO.length}`, bytes: 100 });
    expect(answer.polygons).toBeGreaterThan(0);
    expect(answer.etag).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it('signs out, after which signing in asks for the password again', async () => {
    await leave('void manager.signoutRedirect();');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${allowed.origin}/*`);
    expect(await inPage<object | null>('return manager.getUser();')).toBeNull();
    await leave('void manager.signinRedirect();');
    expect(await page.getByLabel('Password').count()).toBe(1);
  });

  it('cannot, where its origin is not allowed', async () => {
    await page.goto(`${other.origin}/`);
    await expect(inPage('await manager.signinRedirect();')).rejects.toThrow(/Failed to fetch/);
    const read = `return fetch('${server.url}/oidc/token', { method: 'POST' }).then(() => 'read', (error) => error.message);`;
    expect(await inPage<string>(read)).toBe('Failed to fetch');
  });
});
