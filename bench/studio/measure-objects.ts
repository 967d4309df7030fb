import type { Studio } from '../../testing/studio/open-studio.ts';
import type { Row } from '../row.ts';
import { newPhoto } from './photos.ts';
import { newPlace } from './places.ts';

/** Measures dragging a point on a photo with many objects, each made by a click. */
export async function measureObjects(studio: Studio, objects: number): Promise<Row[]> {
  const { page, placeOf, clickAt } = studio;
  const { name, content } = await newPhoto();
  await studio.openPhoto(await studio.upload(name, content, 'image/jpeg'));
  let place = newPlace();
  for (let made = 0; made < objects; made++) {
    if (made > 0) await finish(studio);
    place = newPlace();
    await clickAt(place);
    await page.locator(`[data-testid=canvas][data-objects="${made + 1}"]`).waitFor();
    await studio.statusBecomes(/score/);
  }
  const from = await placeOf(place);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const ended = await page.evaluateHandle(() => studioWatch.countFrames());
  for (let step = 1; step <= 120; step++) {
    await page.mouse.move(from.x + 60 * Math.sin(step / 10), from.y + 60 * (1 - Math.cos(step / 10)));
    await page.waitForTimeout(8);
  }
  const framesPerSecond = await ended.evaluate((end) => end());
  await page.mouse.up();
  return [
    {
      name: `frames a second while a point is dragged among ${objects} objects`,
      measured: framesPerSecond,
      target: { atLeast: 30 },
    },
  ];
}

/** Ends work on the active object, without a name. */
async function finish({ page }: Studio): Promise<void> {
  const isNothing = page.getByTestId('status').filter({ hasNotText: /score/ });
  const label = page.getByTestId('label-input');
  await page.keyboard.press('Enter');
  await label.or(isNothing).first().waitFor();
  if (await label.isVisible()) await page.keyboard.press('Enter');
  await isNothing.waitFor();
}
