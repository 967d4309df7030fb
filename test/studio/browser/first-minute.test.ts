import { afterAll, beforeAll, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio?.close());

it('leads from an empty library to a cut-out in the clipboard by three clicks', async () => {
  const { page, context } = studio;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTestId('sample').click();
  await page.locator('[data-testid=canvas][data-state=ready][data-photo]').waitFor();
  const hint = page.getByTestId('hint');
  await hint.waitFor();
  expect(await hint.getByRole('paragraph').count()).toBe(3);
  await studio.outlineAt({ x: 0.6, y: 0.645 });
  expect(await hint.count()).toBe(1);
  await studio.clickAt({ x: 0.6, y: 0.645 });
  await hint.waitFor({ state: 'detached' });
  await studio.statusBecomes(/^Segment, score/);
  await page.getByTestId('copy-cut-out').click();
  await page.locator('[data-testid=cut-out-state][data-state=success]').waitFor({ state: 'attached' });
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => [...item.types]));
  expect(types).toContain('image/png');
  // Who has done it once is left alone.
  await page.reload();
  await page.locator('[data-testid=canvas][data-objects="1"]').waitFor();
  await page.getByRole('button', { name: /^Delete/ }).click();
  await page.locator('[data-testid=canvas][data-objects="0"]').waitFor();
  expect(await hint.count()).toBe(0);
});

it('shows the outline under the pointer, and a click keeps it with its candidates', async () => {
  const boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
  await studio.openPhoto(boats);
  await studio.outlineAt({ x: 0.5, y: 0.5 });
  await studio.clickAt({ x: 0.5, y: 0.5 });
  expect(await studio.statusBecomes(/^Segment, score/)).toMatch(/^Segment, score 0\.\d\d, \d+ vertices$/);
  await expect.poll(() => studio.page.getByTestId('candidate').count()).toBe(3);
});
