import { readFileSync } from 'node:fs';
import type { Studio } from '../../testing/studio/open-studio.ts';
import { PHOTO } from '../photos.ts';
import type { Row } from '../row.ts';
import { quantile } from '../statistics.ts';
import { openBareDecoders } from './bare-decoder.ts';
import { clickMs, hoverMs, there } from './measure-previews.ts';
import { newPlace } from './places.ts';
import { jitter, watchPage } from './watch-page.ts';

/** Middle of the page, where the pointer rests while the decoder loads. */
const MIDDLE = { x: 600, y: 360 };

/** Runs of a decoder in a new page before it has its speed. */
const WARM_UPS = 20;

/**
 * Measures previews that the browser's own decoder answers, because the server's are out of reach, in turn with the
 * decoder alone in the same browser.
 */
export async function measureBrowserPreviews(studio: Studio, rounds: number, warmUps = WARM_UPS): Promise<Row[]> {
  const fileId = await studio.upload('decoded.jpg', readFileSync(PHOTO), 'image/jpeg');
  await studio.server.call('POST', '/kontur/preview', { fileId, points: [{ ...newPlace(), label: 1 }] });
  const person = await studio.openAnother({ initScript: watchPage });
  person.expectFaults(/kontur\/preview/, /Failed to fetch/);
  await person.context.route('**/kontur/preview*', (route) => route.abort());
  const { page } = person;
  const opened = page.evaluate((hash) => {
    const first = studioWatch.fromNow();
    location.hash = hash;
    return first;
  }, `#/photo/${fileId}`);
  const ready = await jitter(page, MIDDLE, opened);
  const threads = Math.min(2, await page.evaluate(() => navigator.hardwareConcurrency));
  const bare = await openBareDecoders(studio, { fileId, threads });
  const times = { hover: [] as number[], click: [] as number[], rebuilt: [] as number[], shipped: [] as number[] };
  for (let round = -warmUps; round < rounds; round++) {
    const measured = {
      hover: await hoverMs(person, newPlace()),
      click: await clickMs(person, newPlace()),
      rebuilt: await bare.rebuilt.decode(newPlace()),
      shipped: await bare.shipped.decode(newPlace()),
    };
    if (round < 0) continue;
    for (const name of ['hover', 'click', 'rebuilt', 'shipped'] as const) times[name].push(measured[name]);
  }
  const longTasks = await page.evaluate(() => studioWatch.longTasks.splice(0));
  await bare.close();
  await person.leave();
  const [hover, click] = [there(times.hover), there(times.click)];
  const [rebuilt, shipped] = [quantile(times.rebuilt), quantile(times.shipped)];
  const row = (name: string, measured: number, atMost: number): Row => ({
    name,
    measured,
    target: { atMost },
    unit: 'ms',
  });
  return [
    { name: 'rebuilt decoder alone in the browser, p50', measured: rebuilt, unit: 'ms' },
    { name: 'shipped decoder alone in the browser, p50', measured: shipped, unit: 'ms' },
    row('hover to outline in the browser, p50', quantile(hover), Math.min(1.25 * rebuilt, shipped)),
    row('hover to outline in the browser, p95', quantile(hover, 0.95), 2 * rebuilt),
    row('click to outline in the browser, p50', quantile(click), Math.min(1.25 * rebuilt, shipped)),
    row('click to outline in the browser, p95', quantile(click, 0.95), 2 * rebuilt),
    row('first photo opened to an answer of the browser', ready, 5000),
    row('longest task of the main thread while the decoder loads and answers', Math.max(0, ...longTasks), 50),
  ];
}
