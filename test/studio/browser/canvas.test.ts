import type { CDPSession } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectPrompt } from '../../../studio/src/objects/photo-object.ts';
import { parsePhotoAddress } from '../../../studio/src/photo/photo-address.ts';
import { PHOTO } from '../../../testing/server-process.ts';
import { findViolations } from '../../../testing/studio/find-violations.ts';
import { openStudio, type Studio, type StudioPage, type Unit } from '../../../testing/studio/open-studio.ts';

let studio: Studio;
let boats: number;
beforeAll(async () => {
  studio = await openStudio();
  boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
});
afterAll(() => studio?.close());

const BOAT = { x: 0.6, y: 0.66 };
const BESIDE = { x: 0.69, y: 0.68 };
const SEGMENT = /^Segment, score/;
const close = (value: number) => expect.closeTo(value, 2);
const point = ({ x, y }: Unit, label: 0 | 1) => ({ x: close(x), y: close(y), label });

/** The prompt of the object that is being marked, as the address of the page has it. */
function marked({ page }: StudioPage): Partial<ObjectPrompt> {
  const { prompt } = parsePhotoAddress(new URLSearchParams(new URL(page.url()).hash.split('?')[1]));
  return {
    ...(prompt?.points.length && { points: prompt.points }),
    ...(prompt?.boundingBox && { boundingBox: prompt.boundingBox }),
  };
}
const labels = (person: StudioPage) => marked(person).points?.map(({ label }) => label) ?? [];

const canvasOf = ({ page }: StudioPage) => page.getByTestId('canvas');
const objects = async (person: StudioPage) => Number(await canvasOf(person).getAttribute('data-objects'));
const scaleOf = async (person: StudioPage) =>
  Number((await canvasOf(person).getAttribute('data-photo'))?.split(' ')[2]) / 1024;

describe('with a mouse and keys', () => {
  beforeEach(async () => {
    // The page keeps what was marked on a photo, so each test has its own.
    await studio.openPhoto(await studio.upload('boats.jpg', PHOTO, 'image/jpeg'));
    await canvasOf(studio).focus();
  });

  it('marks by clicks, takes back and again', async () => {
    await studio.outlineAt(BOAT);
    await studio.clickAt(BOAT);
    await studio.statusBecomes(SEGMENT);
    await expect.poll(() => marked(studio)).toEqual({ points: [point(BOAT, 1)] });
    await studio.clickAt(BESIDE, { button: 'right' });
    await expect.poll(() => marked(studio)).toEqual({ points: [point(BOAT, 1), point(BESIDE, 0)] });
    await studio.clickAt({ x: 0.2, y: 0.3 }, { modifiers: ['Alt'] });
    await expect.poll(() => labels(studio)).toEqual([1, 0, 0]);
    await studio.statusBecomes(SEGMENT);
    for (let step = 0; step < 3; step++) await studio.page.keyboard.press('Control+z');
    await expect.poll(() => objects(studio)).toBe(0);
    await studio.page.keyboard.press('Control+Shift+z');
    await expect.poll(() => objects(studio)).toBe(1);
    await studio.page.keyboard.press('Control+z');
    await studio.page.keyboard.press('Control+y');
    await expect.poll(() => objects(studio)).toBe(1);
  });

  it('does nothing outside the photo', async () => {
    await studio.clickAt({ x: -0.02, y: 0.5 });
    expect(await objects(studio)).toBe(0);
    expect(await canvasOf(studio).evaluate((element) => element.style.cursor)).toBe('default');
    await studio.hoverAt(BOAT);
    expect(await canvasOf(studio).evaluate((element) => element.style.cursor)).toBe('crosshair');
  });

  it('draws boxes, adds them, drags their corners as one step, and deletes them', async () => {
    const [from, to] = [
      { x: 0.05, y: 0.75 },
      { x: 0.5, y: 0.95 },
    ];
    const box = { xMin: close(from.x), yMin: close(from.y), xMax: close(to.x), yMax: close(to.y) };
    await studio.dragFrom(from, to);
    await studio.statusBecomes(SEGMENT);
    await expect.poll(() => marked(studio)).toEqual({ boundingBox: box });
    await studio.dragFrom(to, { x: 0.7, y: 0.9 });
    const larger = { ...box, xMax: close(0.7), yMax: close(0.9) };
    await expect.poll(() => marked(studio)).toEqual({ boundingBox: larger });
    await studio.page.keyboard.press('Control+z');
    await studio.clickAt({ x: 0.3, y: 0.85 });
    await expect.poll(() => marked(studio)).toEqual({ points: [point({ x: 0.3, y: 0.85 }, 1)], boundingBox: box });
    await studio.dragFrom({ x: 0.1, y: 0.7 }, { x: 0.6, y: 0.97 }, { modifiers: ['Shift'] });
    await expect.poll(() => marked(studio).boundingBox?.xMax).toBeCloseTo(0.6, 2);
    expect(marked(studio).points).toHaveLength(1);
    await studio.clickAt({ x: 0.1, y: 0.7 });
    await studio.page.keyboard.press('Delete');
    await expect.poll(() => marked(studio)).toEqual({ points: [point({ x: 0.3, y: 0.85 }, 1)] });
    await studio.statusBecomes(SEGMENT);
    await studio.page.keyboard.press('Delete');
    await expect.poll(() => objects(studio)).toBe(0);
  });

  it('drags points, with the outline behind, as one step; Ctrl deletes them', async () => {
    const [one, other] = [
      { x: 0.55, y: 0.655 },
      { x: 0.2, y: 0.85 },
    ];
    await studio.clickAt(one);
    const before = await studio.statusBecomes(SEGMENT);
    const [start, end] = [await studio.placeOf(one), await studio.placeOf(other)];
    await studio.page.mouse.move(start.x, start.y);
    await studio.page.mouse.down();
    await studio.page.mouse.move(end.x, end.y, { steps: 20 });
    // The outline is there while the point is still held.
    await expect.poll(() => studio.status()).not.toBe(before);
    await studio.statusBecomes(SEGMENT);
    await studio.page.mouse.up();
    await expect.poll(() => marked(studio)).toEqual({ points: [point(other, 1)] });
    await studio.page.keyboard.press('Control+z');
    await expect.poll(() => studio.status()).toBe(before);
    await studio.clickAt(BESIDE, { button: 'right' });
    await expect.poll(() => marked(studio).points).toHaveLength(2);
    await studio.clickAt(BESIDE, { modifiers: ['Control'] });
    await expect.poll(() => marked(studio)).toEqual({ points: [point(one, 1)] });
    expect(await objects(studio)).toBe(1);
  });

  it('zooms to the pointer and by keys, and moves the photo', async () => {
    const fitted = await scaleOf(studio);
    const place = await studio.placeOf(BOAT);
    await studio.hoverAt(BOAT);
    await studio.page.mouse.wheel(0, -300);
    await expect.poll(() => scaleOf(studio)).toBeCloseTo(fitted * 2, 3);
    const zoomed = await studio.placeOf(BOAT);
    expect([zoomed.x, zoomed.y]).toEqual([expect.closeTo(place.x, 0), expect.closeTo(place.y, 0)]);
    await studio.page.keyboard.press('1');
    await expect.poll(() => scaleOf(studio)).toBeCloseTo(1, 6);
    await studio.page.keyboard.press('-');
    await expect.poll(() => scaleOf(studio)).toBeCloseTo(0.8, 6);
    const from = await studio.placeOf(BOAT);
    await studio.page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await studio.placeOf(BOAT)).x).toBeCloseTo(from.x - 64, 1);
    await studio.page.keyboard.down('Space');
    await studio.page.mouse.move(400, 300);
    await studio.page.mouse.down();
    await studio.page.mouse.move(430, 280);
    await studio.page.mouse.up();
    await studio.page.keyboard.up('Space');
    await expect.poll(async () => (await studio.placeOf(BOAT)).x).toBeCloseTo(from.x - 34, 1);
    expect(await objects(studio)).toBe(0);
    await studio.page.keyboard.press('0');
    await expect.poll(() => scaleOf(studio)).toBeCloseTo(fitted, 6);
  });

  it('is used with keys alone', async () => {
    const { keyboard } = studio.page;
    await keyboard.press('n');
    await studio.page.getByText('Crosshair at 512, 410').waitFor({ state: 'attached' });
    for (let step = 0; step < 10; step++) await keyboard.press('Shift+ArrowDown');
    await keyboard.press('Enter');
    await studio.statusBecomes(SEGMENT);
    await expect.poll(() => labels(studio)).toEqual([1]);
    const first = marked(studio).points?.[0];
    expect(first?.x).toBeCloseTo(0.5, 2);
    expect(first?.y).toBeGreaterThan(0.6);
    await keyboard.press('ArrowLeft');
    await keyboard.press('Shift+Enter');
    await expect.poll(() => labels(studio)).toEqual([1, 0]);
    await keyboard.press('Control+z');
    const chosen = () =>
      studio.page
        .getByTestId('candidate')
        .evaluateAll((all) => all.findIndex((one) => one.getAttribute('aria-pressed') === 'true'));
    await expect.poll(chosen).toBe(0);
    await keyboard.press('Tab');
    await expect.poll(chosen).toBe(1);
    await keyboard.press('3');
    await expect.poll(chosen).toBe(2);
    await keyboard.press('b');
    for (let step = 0; step < 8; step++) {
      await keyboard.press('Shift+ArrowRight');
      await keyboard.press('Shift+ArrowDown');
    }
    await keyboard.press('Enter');
    await expect.poll(() => marked(studio).boundingBox?.xMin).toBeCloseTo(0.5, 2);
    await studio.statusBecomes(SEGMENT);
    await keyboard.press('Escape');
    expect(await objects(studio)).toBe(1);
    await keyboard.press('Escape');
    await expect.poll(() => objects(studio)).toBe(0);
    await keyboard.press('?');
    const list = studio.page.getByRole('dialog');
    await list.getByText('Show this list').waitFor();
    await keyboard.press('n');
    await keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
    await expect.poll(() => studio.page.getByText(/^Crosshair at/).count()).toBe(0);
  });
});

describe('dialogs above a photo', () => {
  beforeEach(async () => {
    await studio.openPhoto(await studio.upload('boats.jpg', PHOTO, 'image/jpeg'));
    await studio.clickAt(BOAT);
    await studio.statusBecomes(SEGMENT);
  });
  const dialog = () => studio.page.getByRole('dialog');
  const OPENERS: Record<string, () => Promise<void>> = {
    keys: () => studio.page.keyboard.press('?'),
    code: () => studio.page.getByTestId('copy-code').click(),
    export: () => studio.page.getByTestId('export').click(),
  };

  it.each(Object.keys(OPENERS))('%s: no key reaches the photo, whatever has the focus', async (name) => {
    const { page } = studio;
    const path = () => page.evaluate(() => location.hash.split('?')[0]);
    const before = await path();
    await OPENERS[name]!();
    await dialog().waitFor();
    expect(await page.getByRole('banner').count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    // Where the button that had the focus was disabled, nothing has it.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    for (const key of ['Delete', 'Control+z', 'f', 'h', 'PageDown', 'PageUp', 'Control+s'])
      await page.keyboard.press(key);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await objects(studio)).toBe(1);
    expect(await path()).toBe(before);
    expect(await studio.status()).toMatch(SEGMENT);
    expect(await page.getByTestId('label-input').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
    await canvasOf(studio).focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => objects(studio)).toBe(0);
  });

  it('the list of keys has those of the screen, and switches keys without Ctrl off, in this browser', async () => {
    const { page } = studio;
    await page.keyboard.press('?');
    for (const line of ['Next photo', 'Previous photo', 'Save'])
      await dialog().getByText(line, { exact: true }).waitFor();
    const text = await dialog().innerText();
    for (const key of ['Page ↓', 'Page ↑', 'Ctrl']) expect(text).toContain(key);
    const single = dialog().getByRole('switch');
    await single.click();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.locator('[data-testid=canvas][data-state=ready][data-objects="1"]').waitFor();
    await canvasOf(studio).focus();
    const fitted = await scaleOf(studio);
    for (const key of ['?', '+', 'n', 'b', '1', 'f', '2']) await page.keyboard.press(key);
    expect(await dialog().count()).toBe(0);
    expect(await page.getByTestId('label-input').count()).toBe(0);
    expect(await scaleOf(studio)).toBeCloseTo(fitted, 6);
    await page.getByRole('contentinfo').getByRole('button', { name: /keys/i }).click();
    await dialog().getByRole('switch').click();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await canvasOf(studio).focus();
    await page.keyboard.press('+');
    await expect.poll(() => scaleOf(studio)).toBeGreaterThan(fitted);
  });
});

describe('with fingers', () => {
  let phone: StudioPage;
  let session: CDPSession;
  beforeAll(async () => {
    phone = await studio.openAnother({ hasTouch: true, viewport: { width: 390, height: 844 } });
    session = await phone.context.newCDPSession(phone.page);
    await phone.openPhoto(boats);
  });
  afterAll(() => phone?.leave());

  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...fingers: { x: number; y: number }[]) => {
    const touchPoints = fingers.map(({ x, y }, id) => ({ x, y, id }));
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  };

  it('taps mark, long presses mark what is not the object', async () => {
    await phone.tapAt(BOAT);
    await phone.statusBecomes(SEGMENT);
    await expect.poll(() => marked(phone)).toEqual({ points: [point(BOAT, 1)] });
    await touch('touchStart', await phone.placeOf({ x: 0.3, y: 0.3 }));
    await expect.poll(() => labels(phone)).toEqual([1, 0]);
    await touch('touchEnd');
    await phone.statusBecomes(SEGMENT);
    await touch('touchStart', await phone.placeOf({ x: 0.3, y: 0.3 }));
    await expect.poll(() => marked(phone)).toEqual({ points: [point(BOAT, 1)] });
    await touch('touchEnd');
  });

  it('one finger that moves marks nothing; two move and zoom', async () => {
    const before = [await objects(phone), marked(phone)];
    const scale = await scaleOf(phone);
    const [from, to] = [await phone.placeOf({ x: 0.1, y: 0.1 }), await phone.placeOf({ x: 0.4, y: 0.3 })];
    await touch('touchStart', from);
    await touch('touchMove', to);
    await touch('touchEnd');
    const middle = await phone.placeOf({ x: 0.5, y: 0.5 });
    const apart = (distance: number) => [
      { x: middle.x - distance, y: middle.y },
      { x: middle.x + distance, y: middle.y },
    ];
    await touch('touchStart', ...apart(40));
    await touch('touchMove', ...apart(60));
    await touch('touchMove', ...apart(120));
    await touch('touchEnd');
    await expect.poll(() => scaleOf(phone)).toBeCloseTo(scale * 3, 1);
    const after = await phone.placeOf({ x: 0.5, y: 0.5 });
    expect([after.x, after.y]).toEqual([expect.closeTo(middle.x, -1), expect.closeTo(middle.y, -1)]);
    expect([await objects(phone), marked(phone)]).toEqual(before);
  });
});

describe('a photo with more pixels than its copy', () => {
  /** Colour that the canvas shows at a position of the photo. */
  const colourAt = async (position: Unit) => {
    const { x, y } = await studio.placeOf(position);
    return studio.page.evaluate(
      ([left, top]) => {
        const [canvas] = document.querySelectorAll<HTMLCanvasElement>('[data-testid=canvas] > canvas');
        const corner = canvas?.getBoundingClientRect();
        const pixel = canvas?.getContext('2d')?.getImageData(left! - corner!.left, top! - corner!.top, 1, 1).data;
        return [...(pixel ?? [])].slice(0, 3);
      },
      [x, y],
    );
  };
  const zoomTo = async (position: Unit) => {
    await studio.hoverAt(position);
    for (let step = 0; step < 5; step++) await studio.page.mouse.wheel(0, -300);
  };

  it('is shown by its own pixels where one zooms in, turned as EXIF says', async () => {
    // As stored, lines of a pixel, red and blue in turns, left of the middle; a copy of half the size shows their mean.
    const [width, height] = [4600, 3000];
    const pixels = Buffer.alloc(width * height * 3, 90);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width / 2; x++) pixels.set(y % 2 === 0 ? [230, 30, 30] : [30, 30, 230], (y * width + x) * 3);
    }
    const photo = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 98, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    await studio.openPhoto(await studio.upload('lines.jpg', photo, 'image/jpeg'));
    // Upright, what was left is above, and a line of the file is a column counted from the right.
    const at = (row: number): Unit => ({ x: 1 - (row + 0.5) / height, y: 0.25 });
    await zoomTo(at(1500));
    await expect.poll(async () => (await colourAt(at(1500)))[0]).toBeGreaterThan(190);
    const [red, , blue] = await colourAt(at(1501));
    expect(red).toBeLessThan(80);
    expect(blue).toBeGreaterThan(190);
    expect(await colourAt({ x: 0.5, y: 0.9 }).then(([value]) => value)).not.toBeGreaterThan(100);
  });

  it('stays with the copy where browsers would show it darker than the engine sees it', async () => {
    const [width, height] = [2600, 1000];
    const samples = new Uint16Array(width * height * 3);
    for (let place = 0; place < samples.length; place++) samples[place] = place % (width * 3) < width ? 200 : 4000;
    const photo = await sharp(samples, { raw: { width, height, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    await studio.openPhoto(await studio.upload('dark.png', photo, 'image/png'));
    const opened = studio.page.waitForEvent('worker', (worker) => worker.url().includes('original'));
    const light = { x: 0.7, y: 0.5 };
    await zoomTo(light);
    await expect.poll(async () => (await colourAt(light))[0]).toBeGreaterThan(200);
    const worker = await opened;
    // It ends once it has seen what kind of file that is.
    await expect.poll(() => studio.page.workers().includes(worker)).toBe(false);
    expect((await colourAt(light))[0]).toBeGreaterThan(200);
  });
});
