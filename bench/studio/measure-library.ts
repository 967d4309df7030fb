import type { Studio } from '../../testing/studio/open-studio.ts';
import type { Row } from '../row.ts';
import { quantile } from '../statistics.ts';
import { tinyPhoto } from './photos.ts';
import { watchPage } from './watch-page.ts';

/** Uploads that run at once while the library is filled. */
const AT_ONCE = 8;

/** Measures the library with many files, and how memory grows while its photos are opened one after another. */
export async function measureLibrary(
  studio: Studio,
  { files, opened, rounds }: { files: number; opened: number; rounds: number },
): Promise<Row[]> {
  const ids = await fill(studio, files);
  const person = await studio.openAnother({ initScript: watchPage });
  const { page } = person;
  const paints: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await page.reload();
    await page.getByTestId('thumbnail').first().waitFor();
    paints.push(await page.evaluate(() => studioWatch.firstCard ?? Number.NaN));
  }
  const scrolled = await scroll(page);
  const shift = await page.evaluate(() => studioWatch.layoutShift.others);
  // As a person does, from the newest on: the film strip reads the library up to the open photo.
  const heap = await openMany(person, ids.slice(-opened).reverse());
  await person.leave();
  const shown = new Intl.NumberFormat('en').format(files);
  return [
    {
      name: `library of ${shown} files, start of the page to the first photos, p50`,
      measured: quantile(paints),
      target: { atMost: 1000 },
      unit: 'ms',
    },
    { name: 'frames a second while the library is scrolled', measured: scrolled.framesPerSecond },
    {
      name: 'cards in sight without a thumbnail after scrolling',
      measured: scrolled.missing,
      target: { atMost: 0 },
    },
    { name: 'layout shift of the library', measured: shift, target: { atMost: 0 } },
    {
      name: `heap after ${opened} photos opened / after a tenth of them`,
      measured: heap,
      target: { atMost: 1.1 },
    },
  ];
}

async function fill({ upload }: Studio, files: number): Promise<number[]> {
  const content = await tinyPhoto();
  const ids: number[] = [];
  let next = 0;
  const work = async () => {
    while (next < files) ids.push(await upload(`photo-${String(next++).padStart(5, '0')}.jpg`, content, 'image/jpeg'));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ids;
}

type Page = Studio['page'];

/** Scrolls by the wheel through thousands of pixels, and looks at the cards in sight a second after. */
async function scroll(page: Page): Promise<{ framesPerSecond: number; missing: number }> {
  await page.mouse.move(640, 400);
  const ended = await page.evaluateHandle(() => studioWatch.countFrames());
  for (let step = 0; step < 60; step++) {
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(16);
  }
  const framesPerSecond = await ended.evaluate((end) => end());
  await page.waitForTimeout(1000);
  const missing = await page.evaluate(() => {
    const isInSight = (element: Element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    };
    const has = (card: Element) => card.querySelector<HTMLImageElement>('[data-testid=thumbnail]')?.naturalWidth;
    return [...document.querySelectorAll('[data-testid=card], [data-testid=skeleton]')].filter(
      (card) => isInSight(card) && !has(card),
    ).length;
  });
  return { framesPerSecond, missing };
}

/** Opens photos one after another. Returns the heap after the last over that after the first tenth. */
async function openMany({ page, context, openPhoto }: Pick<Studio, 'page' | 'context' | 'openPhoto'>, ids: number[]) {
  const devTools = await context.newCDPSession(page);
  const heap = async () => {
    await devTools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devTools.send('Runtime.getHeapUsage');
    return usedSize;
  };
  const early = Math.max(1, Math.floor(ids.length / 10));
  let before = 0;
  for (const [index, id] of ids.entries()) {
    await openPhoto(id);
    if (index + 1 === early) before = await heap();
  }
  return (await heap()) / before;
}
