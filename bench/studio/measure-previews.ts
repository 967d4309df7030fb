import { readFileSync } from 'node:fs';
import type { Studio, StudioPage, Unit } from '../../testing/studio/open-studio.ts';
import { PHOTO } from '../photos.ts';
import type { Row } from '../row.ts';
import { quantile } from '../statistics.ts';
import { timed } from '../timed.ts';
import { newPlace } from './places.ts';

/** Pause in milliseconds between prompts: a person looks at each outline. */
const REST_MS = 100;

/** Milliseconds from the pointer's move to the outline there. */
export async function hoverMs({ page, placeOf }: StudioPage, place: Unit): Promise<number> {
  const { x, y } = await placeOf(place);
  await page.waitForTimeout(REST_MS);
  const answered = page.evaluate(() => studioWatch.nextHover());
  await page.mouse.move(x, y);
  return answered;
}

/** Milliseconds from a click where the pointer has just come to, to its outline; the object is dropped afterwards. */
export async function clickMs({ page, placeOf }: StudioPage, place: Unit): Promise<number> {
  const { x, y } = await placeOf(place);
  await page.waitForTimeout(REST_MS);
  const answered = page.evaluate(() => studioWatch.nextClick());
  await page.mouse.click(x, y);
  const ms = await answered;
  await page.keyboard.press('Escape');
  await page.locator('[data-testid=canvas][data-objects="0"]').waitFor();
  return ms;
}

/** The times that there are: an answer that looks like the last one cannot be timed. */
export const there = (times: number[]): number[] => {
  const known = times.filter((ms) => !Number.isNaN(ms));
  return known.length > 0 ? known : [Number.NaN];
};

/** Measures hovering and clicking that the server answers, in turn with the same question by HTTP alone. */
export async function measureServerPreviews(studio: Studio, rounds: number): Promise<Row[]> {
  const fileId = await studio.upload('boats.jpg', readFileSync(PHOTO), 'image/jpeg');
  const ask = (point: Unit) => {
    const body = { fileId, points: [{ ...point, label: 1 }] };
    return studio.server.call('POST', '/kontur/preview?rings=true', body);
  };
  await ask(newPlace());
  await studio.openPhoto(fileId);
  const times = { http: [] as number[], hover: [] as number[], click: [] as number[] };
  for (let round = -3; round < rounds; round++) {
    // Loading the page is no part of what is measured.
    if (round === 0) await studio.page.evaluate(() => studioWatch.longTasks.splice(0));
    await studio.page.waitForTimeout(REST_MS);
    const http = await timed(() => ask(newPlace()));
    const hover = await hoverMs(studio, newPlace());
    const click = await clickMs(studio, newPlace());
    if (round < 0) continue;
    times.http.push(http);
    times.hover.push(hover);
    times.click.push(click);
  }
  const [http, hover, click] = [times.http, there(times.hover), there(times.click)];
  const longTasks = await studio.page.evaluate(() => studioWatch.longTasks.splice(0));
  const base = quantile(http);
  const row = (name: string, measured: number, atMost: number, unit = 'ms'): Row => ({
    name,
    measured,
    target: { atMost },
    unit,
  });
  return [
    { name: 'preview by HTTP, p50', measured: base, unit: 'ms' },
    row('hover to outline by the server, p50', quantile(hover), 1.3 * base),
    row('hover to outline by the server, p95', quantile(hover, 0.95), 120),
    row('click to outline by the server, p50', quantile(click), 1.3 * base),
    row('click to outline by the server, p95', quantile(click, 0.95), 120),
    row('longest task of the main thread while hovering and clicking', Math.max(0, ...longTasks), 50),
  ];
}
