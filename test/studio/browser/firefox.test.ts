import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFirefox } from '../../../testing/find-browser.ts';
import { createFolders, PHOTO, type ServerProcess, startServerProcess } from '../../../testing/server-process.ts';

const folders = createFolders();
let server: ServerProcess;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('There is no Firefox. Install it, or name one in FIREFOX_PATH.');
  server = await startServerProcess(folders);
  browser = await puppeteer.launch({ browser: 'firefox', executablePath, timeout: 120_000 });
  page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.setViewport({ width: 1280, height: 720 });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await server?.end('SIGTERM');
  folders.remove();
});

const byTestId = (name: string) => page.waitForSelector(`[data-testid=${name}]`) as Promise<ElementHandle<HTMLElement>>;

it('the first minute is the same in Firefox: sign in, hover, click, candidates', async () => {
  const boats = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
  await page.goto(`${server.url}/studio/#/photo/${boats}`);
  await (await byTestId('sign-in')).click();
  const canvas = (await page.waitForSelector('[data-testid=canvas][data-state=ready][data-photo]'))!;
  const corner = (await canvas.boundingBox())!;
  const [left, top, width, height] = await canvas.evaluate((element) =>
    (element.getAttribute('data-photo') ?? '').split(' ').map(Number),
  );
  const boat = { x: corner.x + left! + 0.62 * width!, y: corner.y + top! + 0.645 * height! };
  await page.mouse.move(boat.x, boat.y);
  await page.waitForSelector('[data-testid=canvas][data-hover]');
  await page.mouse.click(boat.x, boat.y);
  await byTestId('candidate');
  expect(await page.$$eval('[data-testid=candidate]', (all) => all.length)).toBe(3);
  expect(await page.$eval('[data-testid=status]', (line) => line.textContent)).toMatch(/Segment, score 0\.\d\d/);
  expect(faults).toEqual([]);
});
