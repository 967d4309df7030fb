import { afterAll, beforeAll, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio?.close());

it('shows the outline under the pointer, and a click keeps it with its candidates', async () => {
  const boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
  await studio.openPhoto(boats);
  await studio.outlineAt({ x: 0.5, y: 0.5 });
  await studio.clickAt({ x: 0.5, y: 0.5 });
  expect(await studio.statusBecomes(/^Segment, score/)).toMatch(/^Segment, score 0\.\d\d, \d+ vertices$/);
  await expect.poll(() => studio.page.getByTestId('candidate').count()).toBe(3);
});
