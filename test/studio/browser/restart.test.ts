import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseAddress } from '../../../src/runtime/choose-address.ts';
import { PHOTO, type ServerProcess, startServerProcess } from '../../../testing/server-process.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';
import { SERVER_AWAY } from '../../../testing/studio/watch-faults.ts';

let studio: Studio;
let env: Record<string, string>;
let next: ServerProcess | undefined;
beforeAll(async () => {
  const { port } = await chooseAddress({ host: '127.0.0.1', port: 0 });
  env = { KONTUR_PORT: String(port) };
  studio = await openStudio({ env });
});
afterAll(async () => {
  await next?.end('SIGTERM');
  await studio?.close();
});

it('says that the server is away, goes on when it is back, and loses nothing that was marked', async () => {
  const { page, server, folders } = studio;
  studio.expectFaults(SERVER_AWAY, /status of 40[01]|status of 503/);
  await studio.openPhoto(await studio.upload('boats.jpg', PHOTO, 'image/jpeg'));
  await studio.clickAt({ x: 0.62, y: 0.645 });
  const marked = await studio.statusBecomes(/^Segment, score/);

  await server.end('SIGTERM');
  const notice = page.getByTestId('notice');
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await notice.waitFor();
  expect(await notice.innerText()).toContain('The server does not answer');
  expect(await studio.status()).toBe(marked);
  expect(await page.getByTestId('canvas').getAttribute('data-objects')).toBe('1');

  next = await startServerProcess(folders, env);
  await notice.waitFor({ state: 'detached' });
  await studio.clickAt({ x: 0.7, y: 0.645 });
  await expect.poll(() => studio.status()).toMatch(new RegExp(`^Segment, score(?!${marked.slice(14)})`));
  expect(await page.getByTestId('canvas').getAttribute('data-objects')).toBe('1');
});
