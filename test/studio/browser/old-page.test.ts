import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseAddress } from '../../../src/runtime/choose-address.ts';
import { PHOTO, type ServerProcess, startServerProcess } from '../../../testing/server-process.ts';
import { makeNewerPackage, type NewerPackage } from '../../../testing/studio/newer-package.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';
import { SERVER_AWAY } from '../../../testing/studio/watch-faults.ts';

let studio: Studio;
let env: Record<string, string>;
let newer: NewerPackage | undefined;
let next: ServerProcess | undefined;
beforeAll(async () => {
  const { port } = await chooseAddress({ host: '127.0.0.1', port: 0 });
  env = { KONTUR_PORT: String(port) };
  studio = await openStudio({ env });
  newer = makeNewerPackage();
});
afterAll(async () => {
  await next?.end('SIGTERM');
  await studio?.close();
  newer?.remove();
});

it('a page of before an update says that it has to be reloaded, and loses nothing that was marked', async () => {
  const { page, server, folders } = studio;
  studio.expectFaults(SERVER_AWAY, /dynamically imported module|Refused to apply style/);
  await studio.openPhoto(await studio.upload('boats.jpg', PHOTO, 'image/jpeg'));
  await studio.clickAt({ x: 0.62, y: 0.645 });
  const marked = await studio.statusBecomes(/^Segment, score/);
  await server.end('SIGTERM');
  next = await startServerProcess({ ...folders, program: newer!.program }, env);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  const notice = page.getByTestId('notice').filter({ hasText: 'The server has been updated' });
  await notice.waitFor();
  expect(await studio.status()).toBe(marked);

  // A screen whose script is gone from the server.
  await page.evaluate(() => {
    location.hash = '#/health';
  });
  await page.waitForTimeout(1000);
  await notice.waitFor();
  expect(await page.getByRole('banner').count()).toBe(1);
  await page.goBack();
  await page.locator('[data-testid=canvas][data-objects="1"]').waitFor();
});
