import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SECRET, startBuiltinServer } from '../../testing/builtin-server.ts';
import { findBrowser } from '../../testing/find-browser.ts';
import { createFolders, type ServerProcess } from '../../testing/server-process.ts';
import { askForCode, redeemCode } from '../auth/sign-in.ts';

const executablePath = findBrowser();

describe.skipIf(executablePath === undefined)('in a browser', () => {
  const folders = createFolders();
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    server = await startBuiltinServer(folders);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  beforeEach(async () => {
    const context = await browser.newContext();
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGTERM');
    folders.remove();
  });

  const signIn = () => ({
    issuer: `${server.url}/oidc`,
    clientId: 'kontur-studio',
    redirectUri: `${server.url}/studio/`,
  });

  /** Opens the login page as a program does. @returns the verifier that the program keeps to itself */
  async function openLogin(): Promise<string> {
    const { verifier, url } = askForCode(signIn());
    await page.goto(url);
    return verifier;
  }

  async function fillIn(password: string): Promise<void> {
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Signs in, and trades the code for a token. */
  async function fetchToken(): Promise<string> {
    const verifier = await openLogin();
    await fillIn(SECRET);
    await page.waitForURL(/\/studio\/\?/);
    const { status, body } = await redeemCode(page.url(), { ...signIn(), verifier });
    expect(status).toBe(200);
    return body.access_token!;
  }

  async function ask<T>(token: string, route: string, body?: object): Promise<T> {
    const response = await fetch(`${server.url}/api/v1${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    expect(response.ok).toBe(true);
    return (await response.json()) as T;
  }

  it('the login page says who asks, and that a password is wrong, and lets another try follow', async () => {
    await openLogin();
    await page.getByText('kontur-studio').waitFor();
    expect(await page.title()).toBe('Sign in to Kontur');
    expect(await page.getByRole('alert').count()).toBe(0);
    await fillIn('wrong');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toBe('The user name or the password is wrong.');
    expect(await page.getByLabel('User name').inputValue()).toBe('anna');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    await fillIn(SECRET);
    await page.waitForURL(/\/studio\/\?code=/);
    expect(new URL(page.url()).searchParams.get('state')).toBe('the-state');
  });

  it('the right password leads to a code, and that to a token of the user', async () => {
    expect(await ask(await fetchToken(), '/token/inspect')).toMatchObject({
      subject: 'anna',
      projects: [{ projectUrlName: 'plant', groups: [1] }],
    });
  });

  it('the login page works with the keyboard alone, and fits a narrow phone', async () => {
    await page.setViewportSize({ width: 320, height: 568 });
    await openLogin();
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    const type = (text: string) => page.keyboard.type(text);
    expect(await page.locator(':focus').getAttribute('name')).toBe('name');
    await type('anna');
    await page.keyboard.press('Tab');
    await type(SECRET);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/studio\/\?code=/);
  });

  it('a login that no program asked for says so, and shows no form', async () => {
    await page.goto(`${server.url}/oidc/interaction/none`);
    expect(await page.getByRole('heading').innerText()).toBe('Signing in did not work');
    expect(await page.locator('form').count()).toBe(0);
  });

  describe('a page that someone uploaded', () => {
    const HOSTILE = `<!doctype html><title>mine</title><script>document.title = 'ran'; fetch('/seen-by-script')</script>`;
    /** The page as files of several types, by their download links. */
    async function upload(token: string, name: string, mimeType: string): Promise<string> {
      type Created = { id: number; uploadUrl: string };
      const file = { name, mimeType, dataSetId: 5 };
      const { id, uploadUrl } = await ask<Created>(token, '/projects/plant/files', file);
      await fetch(uploadUrl, { method: 'PUT', body: HOSTILE });
      const body = { items: [{ id }] };
      type Links = { items: [{ downloadUrl: string }] };
      return (await ask<Links>(token, '/projects/plant/files/downloadlink', body)).items[0].downloadUrl;
    }

    it.each([
      ['page.html', 'text/html'],
      ['drawing.svg', 'image/svg+xml'],
      ['page.xhtml', 'application/xhtml+xml'],
      ['sniffed.jpg', 'image/jpeg'],
    ])('%s of type %s is saved, and never shown or run', async (name, mimeType) => {
      const link = await upload(await fetchToken(), name, mimeType);
      await page.goto('about:blank');
      const saving = page.waitForEvent('download');
      await page.goto(link).catch(() => {});
      const download = await saving;
      expect(download.suggestedFilename()).toBe(name);
      expect(readFileSync(await download.path(), 'utf8')).toBe(HOSTILE);
      expect(page.url()).toBe('about:blank');
    });

    it('is neither run nor read by a page that embeds it or asks for it', async () => {
      const link = await upload(await fetchToken(), 'page.html', 'text/html');
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      // As good as any page of the server's own origin, and without a content policy that would be in the way.
      const body = `<!doctype html>
        <iframe src="${link}"></iframe><embed src="${link}"><object data="${link}"></object><script src="${link}"></script>`;
      await page.route('**/host-page', (route) => route.fulfill({ contentType: 'text/html', body }));
      await page.goto(`${server.url}/host-page`);
      await page.waitForTimeout(1000);
      expect(requests.filter((address) => address === link).length).toBeGreaterThan(0);
      expect(requests.filter((address) => address.includes('seen-by-script'))).toEqual([]);
      expect(await page.title()).toBe('');
      const response = await fetch(link);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'content-disposition': expect.stringMatching(/^attachment;/),
      });
    });
  });
});
