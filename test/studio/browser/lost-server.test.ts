import { afterAll, beforeAll, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';

const BOAT = { x: 0.62, y: 0.645 };
const OTHER = { x: 0.83, y: 0.87 };

let studio: Studio;
let boats: number;
beforeAll(async () => {
  studio = await openStudio();
  boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
});
afterAll(() => studio?.close());

it('outlines go on in the browser when the server answers no more previews', async () => {
  const { page } = studio;
  const canvas = page.getByTestId('canvas');
  const ready = page.waitForResponse((response) => response.url().includes('/studio/decoders/'));
  await studio.openPhoto(boats);
  await studio.outlineAt(BOAT);
  expect(await canvas.getAttribute('data-preview')).toBe('server');
  await ready;

  studio.expectFaults(/kontur\/preview/, /Failed to (fetch|load)/, /ERR_FAILED/);
  await page.route('**/kontur/preview*', (route) => route.abort());
  await studio.clickAt(OTHER);
  // Until the decoder is ready the question is asked again.
  await studio.statusBecomes(/^Segment, score/);
  expect(await canvas.getAttribute('data-preview')).toBe('browser');
});
