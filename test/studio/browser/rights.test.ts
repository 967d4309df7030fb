import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECRET, startBuiltinServer } from '../../../testing/builtin-server.ts';
import { createFolders, PHOTO, type ServerProcess } from '../../../testing/server-process.ts';
import { launchChromium, openPage, type StudioPage } from '../../../testing/studio/open-studio.ts';

const folders = createFolders();
let server: ServerProcess;
let browser: Browser;
const people: StudioPage[] = [];
beforeAll(async () => {
  const users = { owner: ['READ', 'WRITE'], reader: ['READ'], sender: ['WRITE'] } as const;
  server = await startBuiltinServer(folders, { KONTUR_LOG_LEVEL: 'warn' }, users as never);
  browser = await launchChromium();
});
afterAll(async () => {
  const left = await Promise.allSettled(people.map((one) => one.leave()));
  await browser?.close();
  await server?.end('SIGTERM');
  folders.remove();
  expect(left.filter(({ status }) => status === 'rejected')).toEqual([]);
});

/** Opens the studio and signs in by name and password. */
async function enter(name: string, hash = ''): Promise<StudioPage> {
  const person = await openPage(browser, { url: server.url, folders }, { signedOut: true, hash });
  people.push(person);
  await person.page.getByTestId('sign-in').click();
  await person.page.getByLabel('User name').fill(name);
  await person.page.getByLabel('Password').fill(SECRET);
  await person.page.getByRole('button', { name: 'Sign in' }).click();
  await person.page.getByRole('banner').first().waitFor();
  return person;
}
const choose = ({ page }: StudioPage, name: string) =>
  page
    .getByTestId('upload')
    .first()
    .locator('input')
    .setInputFiles([{ name, mimeType: 'image/jpeg', buffer: PHOTO }]);

let photo: string;
it('who may read and write uploads a photo', async () => {
  const owner = await enter('owner');
  await choose(owner, 'boats.jpg');
  const card = owner.page.getByTestId('card').filter({ hasText: 'boats.jpg' });
  await card.getByTestId('thumbnail').waitFor();
  photo = (await card.getByRole('link').getAttribute('href')) ?? '';
  expect(photo).toMatch(/^#\/photo\/\d+$/);
});

it('who may only read sees photos and outlines, and is told who can let them add photos', async () => {
  const reader = await enter('reader', photo);
  const { page } = reader;
  reader.expectFaults(/status of 403/);
  await page.locator('[data-testid=canvas][data-state=ready][data-photo]').waitFor();
  await reader.clickAt({ x: 0.62, y: 0.645 });
  await reader.statusBecomes(/^Segment, score/);
  await page.evaluate(() => {
    location.hash = '#/';
  });
  await page.getByTestId('card').first().waitFor();
  await choose(reader, 'mine.jpg');
  const line = page.getByTestId('upload-item').filter({ hasText: 'mine.jpg' });
  await line.getByText('You may not add files to this project. Ask the person who gave you access').waitFor();
  await page.getByTestId('card').first().getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await page.getByTestId('card').first().getByTestId('thumbnail').count()).toBe(1);
});

it('who may not read is told so in the library and on the photo, and shown nothing of it', async () => {
  const sender = await enter('sender', photo);
  const { page } = sender;
  sender.expectFaults(/status of 403/);
  await page.getByRole('heading', { name: 'You may not see this photo' }).waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  await page.getByRole('link', { name: 'library' }).last().click();
  await page.getByText('You may not see the files of this project').first().waitFor();
});
