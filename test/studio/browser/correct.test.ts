import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PhotoObject } from '../../../studio/src/objects/photo-object.ts';
import { PHOTO } from '../../../testing/server-process.ts';
import { findViolations } from '../../../testing/studio/find-violations.ts';
import { openStudio, type Studio, type StudioPage, type Unit } from '../../../testing/studio/open-studio.ts';

let studio: Studio;
let plain: Buffer;
/** A square of one colour on a ground of another: what the wand selects is known to the pixel. */
const SQUARE = { left: 200, top: 150, side: 300 };
const SIZE = { width: 800, height: 600 };
beforeAll(async () => {
  const square = { create: { width: SQUARE.side, height: SQUARE.side, channels: 3 as const, background: '#c03020' } };
  plain = await sharp({ create: { ...SIZE, channels: 3, background: '#e8e4d8' } })
    .composite([{ input: await sharp(square).png().toBuffer(), left: SQUARE.left, top: SQUARE.top }])
    .png()
    .toBuffer();
  studio = await openStudio();
});
afterAll(() => studio?.close());

const BOAT = { x: 0.6, y: 0.66 };
const MIDDLE = { x: 350 / 800, y: 300 / 600 };
const BY_HAND = /^Corrected by hand/;

/** Objects as the browser keeps them: what survives a reload. */
const kept = ({ page }: StudioPage): Promise<PhotoObject[]> =>
  page.evaluate(
    () =>
      new Promise<PhotoObject[]>((resolve, reject) => {
        const request = indexedDB.open('kontur');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const { result } = request;
          const all = result.transaction('photos').objectStore('photos').getAll();
          all.onsuccess = () => {
            result.close();
            resolve(all.result.filter((one) => typeof one === 'object' && 'prompt' in one));
          };
        };
      }),
  );
/** The object of the test's own photo, the only one with this label or prompt. */
async function outlineOf(person: StudioPage): Promise<Unit[][][]> {
  // What has changed is written within a second.
  await person.page.waitForTimeout(600);
  const id = await person.page.getByTestId('object').first().getAttribute('data-object');
  const object = (await kept(person)).find((one) => one.id === id);
  const outline = object?.outlines[object.chosen];
  return (outline?.parts ?? []) as Unit[][][];
}
const boundsOf = (parts: Unit[][][]) => {
  const [xs, ys] = [parts.flat(2).map(({ x }) => x * SIZE.width), parts.flat(2).map(({ y }) => y * SIZE.height)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].map((value) => Math.round(value));
};
const vertices = async (person: StudioPage) => Number(/(\d+) vertices/.exec(await person.status())?.[1]);
const press = (key: string) => studio.page.keyboard.press(key);
const more = async (name: string) => {
  await studio.page.getByTestId('correct-more').click();
  await studio.page.getByTestId(name).click();
};

/** Makes the outline exactly the box of the square: marks by a box, and replaces the answer by the wand's area. */
async function correctSquare(person: StudioPage): Promise<void> {
  await person.dragFrom({ x: 190 / 800, y: 140 / 600 }, { x: 510 / 800, y: 510 / 600 });
  await person.statusBecomes(/^Segment, score/);
  await person.page.keyboard.press('e');
  await person.page.getByTestId('correct-bar').waitFor();
}

describe('a plain square', () => {
  beforeEach(async () => {
    await studio.openPhoto(await studio.upload('square.png', plain, 'image/png'));
    await studio.page.getByTestId('canvas').focus();
    await correctSquare(studio);
    // The wand adds all of the square, the rectangle takes the answer's line away.
    await press('w');
    await studio.clickAt(MIDDLE);
    await studio.statusBecomes(BY_HAND);
    await more('replace-rectangle');
    await studio.statusBecomes(/by hand, 4 vertices/);
  });

  it('drags, adds and deletes vertices, each one step, and undoes all of them', async () => {
    await press('v');
    const [left, top] = boundsOf(await outlineOf(studio)) as [number, number];
    await studio.dragFrom({ x: left / 800, y: top / 600 }, { x: 100 / 800, y: 90 / 600 });
    await expect.poll(async () => boundsOf(await outlineOf(studio)).slice(0, 2)).toEqual([100, 90]);
    // Pressing on the line adds a vertex, which follows.
    await studio.dragFrom(
      { x: 350 / 800, y: boundsOf(await outlineOf(studio))[3]! / 600 },
      { x: 350 / 800, y: 560 / 600 },
    );
    await expect.poll(() => vertices(studio)).toBe(5);
    expect(boundsOf(await outlineOf(studio))[3]).toBe(560);
    await press('Delete');
    await expect.poll(() => vertices(studio)).toBe(4);
    for (let step = 0; step < 3; step++) await press('Control+z');
    await expect.poll(async () => boundsOf(await outlineOf(studio)).slice(0, 2)).toEqual([left, top]);
    await press('Control+Shift+z');
    await expect.poll(async () => boundsOf(await outlineOf(studio)).slice(0, 2)).toEqual([100, 90]);
  });

  it('moves vertices by keys, and says which is chosen', async () => {
    await press('v');
    await studio.page.getByTestId('canvas').focus();
    await press(']');
    await expect.poll(() => studio.page.getByTestId('vertex').innerText()).toMatch(/^Vertex 1 of 4, at \d+, \d+$/);
    const [left, top] = boundsOf(await outlineOf(studio)) as [number, number];
    await press('Shift+ArrowLeft');
    await press('ArrowUp');
    await expect.poll(async () => boundsOf(await outlineOf(studio)).slice(0, 2)).toEqual([left - 10, top - 1]);
    await press('a');
    await expect.poll(() => vertices(studio)).toBe(5);
    await expect.poll(() => studio.page.getByTestId('vertex').innerText()).toMatch(/^Vertex 2 of 5/);
    await press('Delete');
    await expect.poll(() => vertices(studio)).toBe(4);
    await press('Escape');
    await press('Escape');
    await expect.poll(() => studio.page.getByTestId('canvas').getAttribute('data-tool')).not.toBe('correct');
  });

  it('erases a hole and a gap, fills the one, drops the smaller part of the other', async () => {
    await press('r');
    await studio.clickAt(MIDDLE);
    await expect.poll(async () => (await outlineOf(studio))[0]?.length).toBe(2);
    await more('fill-holes');
    await expect.poll(() => vertices(studio)).toBe(4);
    await studio.dragFrom({ x: 490 / 800, y: 100 / 600 }, { x: 490 / 800, y: 550 / 600 });
    await expect.poll(async () => (await outlineOf(studio)).length).toBe(2);
    await more('drop-small-parts');
    await expect.poll(async () => (await outlineOf(studio)).length).toBe(1);
  });

  it('paints with a brush of another size, also by keys alone', async () => {
    await press('b');
    const before = await studio.page.getByTestId('radius-value').innerText();
    await press(']');
    await press(']');
    expect(Number.parseFloat(await studio.page.getByTestId('radius-value').innerText())).toBeGreaterThan(
      Number.parseFloat(before),
    );
    const radius = Number.parseFloat(await studio.page.getByTestId('radius-value').innerText());
    await studio.clickAt({ x: 650 / 800, y: 300 / 600 });
    await expect.poll(async () => (await outlineOf(studio)).length).toBe(2);
    const dab = (await outlineOf(studio))[1]!;
    expect(Math.abs(boundsOf([dab])[2]! - (650 + radius))).toBeLessThanOrEqual(1.5);
    await press('Control+z');
    await press('[');
    await press('n');
    await press('Enter');
    await press('Escape');
    await expect.poll(() => studio.status()).toMatch(BY_HAND);
  });

  it('simplifies, and brings the detail back', async () => {
    await more('replace-circle');
    await expect.poll(() => vertices(studio)).toBeGreaterThan(20);
    const all = await vertices(studio);
    await press('v');
    const thumb = studio.page.getByTestId('detail').getByRole('slider');
    await thumb.focus();
    for (let step = 0; step < 35; step++) await studio.page.keyboard.press('ArrowLeft');
    await expect.poll(() => vertices(studio)).toBeLessThan(all);
    await studio.page.keyboard.press('End');
    await expect.poll(() => vertices(studio)).toBe(all);
  });

  it('is kept as corrected and marked so, through a reload', async () => {
    await expect.poll(() => studio.page.getByTestId('object').getAttribute('data-by-hand')).toBe('true');
    const parts = await outlineOf(studio);
    await studio.page.reload();
    await studio.page.locator('[data-testid=object][data-by-hand]').waitFor();
    expect(await outlineOf(studio)).toEqual(parts);
    expect((await kept(studio)).some(({ byHand }) => byHand)).toBe(true);
  });
});

describe('a photo', () => {
  it('replaces an outline by a turned rectangle, erases with Alt, corrects another object, and passes axe', async () => {
    await studio.openPhoto(await studio.upload('boats.jpg', PHOTO, 'image/jpeg'));
    await studio.page.getByTestId('canvas').focus();
    await studio.clickAt(BOAT);
    await studio.statusBecomes(/^Segment, score/);
    await press('e');
    await more('replace-turnedRectangle');
    await studio.statusBecomes(/by hand, 4 vertices/);
    expect(await findViolations(studio.page)).toEqual([]);
    await press('b');
    expect(await findViolations(studio.page)).toEqual([]);
    const [start, end] = [await studio.placeOf({ x: 0.5, y: 0.65 }), await studio.placeOf({ x: 0.7, y: 0.66 })];
    await studio.page.keyboard.down('Alt');
    await studio.page.mouse.move(start.x, start.y);
    await studio.page.mouse.down();
    await studio.page.mouse.move(end.x, end.y, { steps: 4 });
    // Nothing counts that is dropped while it is under way.
    await studio.page.keyboard.up('Alt');
    await press('Escape');
    await studio.page.mouse.up();
    await studio.statusBecomes(/by hand, 4 vertices/);
    await studio.dragFrom({ x: 0.5, y: 0.65 }, { x: 0.56, y: 0.66 }, { modifiers: ['Alt'] });
    await expect.poll(() => vertices(studio)).toBeGreaterThan(4);
    await press('f');
    await press('Escape');
    await studio.clickAt({ x: 0.2, y: 0.85 });
    await studio.statusBecomes(/^Segment, score/);
    await press('e');
    await more('replace-circle');
    await expect.poll(() => studio.page.locator('[data-testid=object][data-by-hand]').count()).toBe(2);
  });

  it('follows the pointer with thousands of vertices on 50 megapixels', async () => {
    const size = { width: 8700, height: 5800 };
    const large = await sharp({ create: { ...size, channels: 3, background: '#8090a0' } })
      .jpeg({ quality: 60 })
      .toBuffer();
    const fileId = await studio.upload('large.jpg', large, 'image/jpeg');
    const ring = Array.from({ length: 6000 }, (_, index) => {
      const angle = (index / 6000) * 2 * Math.PI;
      const radius = 0.3 + 0.01 * Math.sin(60 * angle);
      return { x: 0.5 + radius * Math.cos(angle), y: 0.5 + radius * Math.sin(angle) };
    });
    const prompt = { points: [{ x: 0.5, y: 0.5, label: 1 as const }] };
    const outline = { score: 1, parts: [[ring]], polygons: [ring] };
    await studio.page.evaluate(keepObject, {
      fileId,
      object: { id: 'ragged', prompt, outlines: [outline], answered: true, chosen: 0, finished: true },
    });
    await studio.openPhoto(fileId);
    await studio.page.getByTestId('object').getByRole('button', { name: 'Unnamed', exact: false }).first().click();
    await studio.page.getByTestId('canvas').focus();
    await press('e');
    const cdp = await studio.context.newCDPSession(studio.page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const work = async () => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    };
    const start = await studio.placeOf(ring[1500]!);
    await studio.page.mouse.move(start.x, start.y);
    await studio.page.mouse.down();
    const before = await work();
    const MOVES = 60;
    await studio.page.mouse.move(start.x + 40, start.y + 60, { steps: MOVES });
    const perMove = ((await work()) - before) / MOVES;
    await studio.page.mouse.up();
    // 30 frames a second leave 33 ms of the page's thread for each.
    expect(perMove * 1000).toBeLessThan(33);
    await studio.statusBecomes(BY_HAND);
    await press('b');
    const end = await studio.placeOf({ x: 0.8, y: 0.5 });
    await studio.page.mouse.move(end.x, end.y);
    await studio.page.mouse.down();
    await studio.page.mouse.move(end.x + 30, end.y + 30, { steps: 10 });
    const count = await vertices(studio);
    await studio.page.mouse.up();
    await expect.poll(() => vertices(studio)).not.toBe(count);
  });
});

it('works with fingers on a phone in the dark, and passes axe', async () => {
  const phone = await studio.openAnother({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    colorScheme: 'dark',
  });
  await phone.openPhoto(await studio.upload('square.png', plain, 'image/png'));
  await phone.tapAt(MIDDLE);
  await phone.statusBecomes(/^Segment, score/);
  await phone.page.getByTestId('tool-correct').tap();
  await phone.page.getByTestId('correct-brush').tap();
  await phone.tapAt({ x: 0.93, y: 0.1 });
  await phone.statusBecomes(BY_HAND);
  expect((await outlineOf(phone)).length).toBeGreaterThan(1);
  expect(await findViolations(phone.page)).toEqual([]);
  await phone.page.getByTestId('correct-done').tap();
  await expect.poll(() => phone.page.getByTestId('canvas').getAttribute('data-tool')).toBe('point');
});

/** Runs in the page: keeps an object of a photo as an earlier visit would have. */
function keepObject({ fileId, object }: { fileId: number; object: PhotoObject }): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('kontur');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction('photos', 'readwrite');
      const store = transaction.objectStore('photos');
      const asked = store.getAllKeys();
      asked.onsuccess = () => {
        const project = (asked.result as string[][]).find(([kind]) => kind === 'photo')?.[1] ?? '';
        store.put({ ids: [object.id], objects: 1, unsaved: 1 }, ['photo', project, fileId]);
        store.put(object, ['object', project, fileId, object.id]);
      };
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
}
