import type { Studio } from '../../testing/studio/open-studio.ts';
import type { Row } from '../row.ts';
import { quantile } from '../statistics.ts';
import { timed } from '../timed.ts';
import { there } from './measure-previews.ts';
import { newPhoto } from './photos.ts';
import { newPlace } from './places.ts';
import { jitter } from './watch-page.ts';

/** Middle of the page, where the pointer rests while a photo is opened. */
const MIDDLE = { x: 600, y: 360 };

/** Measures the way to the first outline: of a photo that is encoded, and of one that is dropped on the page. */
export async function measureOpening(studio: Studio, rounds: number): Promise<Row[]> {
  const { page, server } = studio;
  const firstPreview = (fileId: number) =>
    timed(() => server.call('POST', '/kontur/preview?rings=true', { fileId, points: [{ ...newPlace(), label: 1 }] }));
  const openings: number[] = [];
  const drops: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { name, content } = await newPhoto();
    const fileId = await studio.upload(name, content, 'image/jpeg');
    const encode = await firstPreview(fileId);
    await page.goto(`${server.url}/studio/#/`);
    await page.getByTestId('upload').first().waitFor();
    await page.waitForTimeout(500);
    const opened = page.evaluate((hash) => {
      const first = studioWatch.fromNow();
      location.hash = hash;
      return first;
    }, `#/photo/${fileId}`);
    openings.push(await jitter(page, MIDDLE, opened));

    await page.goto(`${server.url}/studio/#/`);
    await page.getByTestId('upload').first().waitFor();
    await page.waitForTimeout(500);
    const fresh = await newPhoto();
    const dropped = page.evaluate(dropAndOpen, { name: fresh.name, bytes: [...fresh.content] });
    drops.push((await jitter(page, MIDDLE, dropped)) - encode);
  }
  return [
    {
      name: 'opening an encoded photo to its first outline, p50',
      measured: quantile(there(openings)),
      target: { atMost: 300 },
      unit: 'ms',
    },
    {
      name: 'dropping a new photo to its first outline, beyond the encode of one alike, p50',
      measured: quantile(there(drops)),
      target: { atMost: 400 },
      unit: 'ms',
    },
  ];
}

/** Runs in the page: drops a photo, and opens it as soon as it is in the library. Returns milliseconds to an outline. */
async function dropAndOpen({ name, bytes }: { name: string; bytes: number[] }): Promise<number> {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/jpeg' }));
  const target = document.querySelector('main') ?? document.body;
  const linkOf = () => {
    const cards = [...document.querySelectorAll<HTMLElement>('[data-testid=card]')];
    return cards.find(({ textContent }) => textContent?.includes(name))?.querySelector<HTMLAnchorElement>('a[href]');
  };
  const first = studioWatch.fromNow();
  target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  const isUploaded = () =>
    linkOf() && document.querySelector('[data-testid=upload-item]:not([data-state=done])') === null;
  while (!isUploaded()) await new Promise((resolve) => setTimeout(resolve, 10));
  location.hash = linkOf()?.getAttribute('href') ?? '';
  return first;
}
