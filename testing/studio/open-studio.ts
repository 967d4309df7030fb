import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../find-browser.ts';
import { createFolders, type Folders, type ServerProcess, startServerProcess } from '../server-process.ts';
import { type Faults, watchFaults } from './watch-faults.ts';

/** Browser of one person: what screen, colours and language it has. */
export interface PersonOptions {
  /** Size of the page in CSS pixels; 1280 x 720 by default. */
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  /** Whether it is touched with fingers. */
  hasTouch?: boolean;
  /** Language of the browser; `en-US` by default. */
  locale?: string;
  deviceScaleFactor?: number;
  reducedMotion?: 'reduce' | 'no-preference';
  /** Whether the page is left at its first sight, before the person signs in. */
  signedOut?: boolean;
  /** Where the page is opened, such as `#/jobs`. */
  hash?: string;
  /** Script that runs in every page before its own. */
  initScript?: () => void;
}

export interface StudioOptions extends PersonOptions {
  /** Settings of the server. */
  env?: Record<string, string>;
  /** Folders of an earlier server, which the caller deletes. */
  folders?: Folders;
  /** Further arguments of Chromium. */
  browserArgs?: string[];
}

/** A position in fractions of the upright photo. */
export interface Unit {
  x: number;
  y: number;
}

/** The studio as one person sees it. */
export interface StudioPage {
  page: Page;
  context: BrowserContext;
  /** Presses the button of the sign-in page, and waits until the person is let in. */
  signIn(): Promise<void>;
  /** Opens another tab of the same browser at the same address, and signs in there. */
  openTab(): Promise<StudioPage>;
  /** Opens a photo by its address, and waits until it can be clicked. */
  openPhoto(fileId: number): Promise<void>;
  /** Where a position of the photo is in the page, in CSS pixels, with the zoom that the canvas has. */
  placeOf(position: Unit): Promise<{ x: number; y: number }>;
  clickAt(
    position: Unit,
    options?: { button?: 'left' | 'right'; modifiers?: ('Alt' | 'Shift' | 'Control')[] },
  ): Promise<void>;
  tapAt(position: Unit): Promise<void>;
  hoverAt(position: Unit): Promise<void>;
  /** Presses at one position and lets go at another: a box. */
  dragFrom(from: Unit, to: Unit, options?: { modifiers?: ('Alt' | 'Shift')[] }): Promise<void>;
  /** Moves the pointer to a position, and waits until an outline is shown there. */
  outlineAt(position: Unit): Promise<void>;
  /** Text of the status line. */
  status(): Promise<string>;
  /** Waits until the status line matches. Returns it. */
  statusBecomes(text: RegExp): Promise<string>;
  /** Says that the test provokes faults of the page whose texts match; others still fail it. */
  expectFaults(...texts: RegExp[]): void;
  /** Closes the person's browser. @throws Error with what was wrong with the page: console errors, foreign requests */
  leave(): Promise<void>;
}

/** A server, a browser, and a person in it. */
export interface Studio extends StudioPage {
  server: ServerProcess;
  browser: Browser;
  folders: Folders;
  /** Uploads a photo through the API. Returns its id. */
  upload(name: string, content: Uint8Array, mimeType?: string): Promise<number>;
  /** Opens the page once more, in a browser that shares nothing with the first. */
  openAnother(options?: PersonOptions): Promise<StudioPage>;
  /** Ends browser and server. @throws Error with what was wrong with any of the pages */
  close(): Promise<void>;
}

/** What Chromium needs to run as root, in a container, and without asking its makers for anything. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Limit of each wait: a busy machine may take long, and what never comes is told before the test's own limit ends it. */
const LIMIT_MS = 120_000;

/** Launches the Chromium of the tests. @throws Error if there is none and none can be had */
export function launchChromium(args: string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('There is no Chromium. Install it, or name one in BROWSER_PATH.');
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...args], timeout: 60_000 });
}

/**
 * Starts a real server and a real browser, and signs a person in. Any console error, script error, refusal by the
 * content security policy or request to another host fails the test when it closes the studio.
 */
export async function openStudio({ env, folders: given, browserArgs, ...person }: StudioOptions = {}): Promise<Studio> {
  const folders = given ?? createFolders();
  const server = await startServerProcess(folders, env);
  const browser = await launchChromium(browserArgs);
  const people: StudioPage[] = [];
  const openAnother = async (options: PersonOptions = {}) => {
    const opened = await openPage(browser, { url: server.url, folders }, options);
    people.push(opened);
    return opened;
  };
  const end = async () => {
    await browser.close();
    await server.end('SIGTERM');
    if (given === undefined) folders.remove();
  };
  const first = await openAnother(person).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    ...first,
    server,
    browser,
    folders,
    upload: server.upload,
    openAnother,
    async close() {
      const left = await Promise.allSettled(people.map((one) => one.leave()));
      await end();
      const failed = left.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/** Opens the studio of a server in a browser of its own. */
export async function openPage(
  browser: Browser,
  { url, folders }: { url: string; folders: Folders },
  { signedOut = false, hash = '', initScript, viewport = { width: 1280, height: 720 }, ...options }: PersonOptions,
): Promise<StudioPage> {
  const context = await browser.newContext({ viewport, ...options });
  context.setDefaultTimeout(LIMIT_MS);
  if (initScript !== undefined) await context.addInitScript(initScript);
  const faults = await watchFaults(context, url);
  const page = await context.newPage();
  const secret = () => {
    const file = path.join(folders.data, 'development-client.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { clientSecret: string }).clientSecret;
  };
  const studio = studioPage(page, faults, secret);
  try {
    await page.goto(`${url}/studio/${hash}`);
    if (!signedOut) await studio.signIn();
    return studio;
  } catch (error) {
    const text = await page.evaluate(() => document.body.innerText).catch(() => '');
    throw new Error(`${page.url()} shows: ${text}\n${faults.list().join('\n')}`, { cause: error });
  }
}

/** Runs in the page: whether there is an outline under the pointer other than that described before. */
function hoverDiffers(before: string | null): boolean {
  const now = document.querySelector('[data-testid=canvas]')?.getAttribute('data-hover') ?? null;
  return now !== null && now !== before;
}

/** Runs in the page: goes to an address, and waits until the page has left the former screen. */
function goTo(hash: string): Promise<void> | void {
  if (location.hash === hash) return;
  return new Promise((resolve) => {
    addEventListener('hashchange', () => requestAnimationFrame(() => resolve()), { once: true });
    location.hash = hash;
  });
}

function studioPage(page: Page, faults: Faults, developmentSecret: () => string): StudioPage {
  const canvas = page.getByTestId('canvas');

  const placeOf = async ({ x, y }: Unit) => {
    const corner = await canvas.boundingBox();
    const [left, top, width, height] = ((await canvas.getAttribute('data-photo')) ?? '').split(' ').map(Number);
    if (corner === null || height === undefined) throw new Error('No photo is open.');
    return { x: corner.x + left! + x * width!, y: corner.y + top! + y * height };
  };

  const held = async (keys: readonly string[], act: () => Promise<void>) => {
    for (const key of keys) await page.keyboard.down(key);
    await act();
    for (const key of keys) await page.keyboard.up(key);
  };

  let hasLeft = false;
  return {
    page,
    context: page.context(),
    placeOf,
    async signIn() {
      await page.getByTestId('sign-in').click();
      const inside = page.getByRole('banner').first();
      const secret = page.getByLabel('Secret');
      await inside.or(secret).first().waitFor();
      if (await secret.isVisible()) {
        await secret.fill(developmentSecret());
        await page.keyboard.press('Enter');
      }
      await inside.waitFor();
    },
    async openTab() {
      const tab = studioPage(await page.context().newPage(), faults, developmentSecret);
      await tab.page.goto(page.url());
      await tab.signIn();
      return tab;
    },
    async openPhoto(fileId) {
      await page.evaluate(goTo, `#/photo/${fileId}`);
      await page.locator('[data-testid=canvas][data-state=ready][data-photo]').waitFor();
    },
    async clickAt(position, { button, modifiers = [] } = {}) {
      const { x, y } = await placeOf(position);
      await held(modifiers, () => page.mouse.click(x, y, { button }));
    },
    async tapAt(position) {
      const { x, y } = await placeOf(position);
      await page.touchscreen.tap(x, y);
    },
    async hoverAt(position) {
      const { x, y } = await placeOf(position);
      await page.mouse.move(x, y);
    },
    async outlineAt(position) {
      const before = await canvas.getAttribute('data-hover');
      await this.hoverAt(position);
      await page.waitForFunction(hoverDiffers, before);
    },
    async dragFrom(from, to, { modifiers = [] } = {}) {
      const [start, end] = [await placeOf(from), await placeOf(to)];
      await held(modifiers, async () => {
        await page.mouse.move(start.x, start.y);
        await page.mouse.down();
        await page.mouse.move(end.x, end.y, { steps: 4 });
        await page.mouse.up();
      });
    },
    status: () => page.getByTestId('status').innerText(),
    async statusBecomes(text) {
      const line = page.getByTestId('status').filter({ hasText: text });
      await line.waitFor();
      return line.innerText();
    },
    expectFaults: faults.expect,
    async leave() {
      if (hasLeft) return;
      hasLeft = true;
      await page.context().close();
      faults.check();
    },
  };
}
