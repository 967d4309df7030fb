import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio, type StudioPage } from '../../../testing/studio/open-studio.ts';

/** Photos of the annotator's run; the measurement that is quoted is of 20. */
const PHOTOS = Number(process.env.KONTUR_RUN_PHOTOS ?? 3);

/** Things on each photo: label, and box in fractions. The crosshair begins in the middle. */
const THINGS = [
  { label: 'disc', x: 0.5, y: 0.5 },
  { label: 'square', x: 0.3, y: 0.5 },
  { label: 'drop', x: 0.7, y: 0.5 },
] as const;
const RADIUS = 0.09;
const [WIDTH, HEIGHT] = [640, 480];

interface Named {
  id: number;
  annotatedResourceId: number;
  label: string | null;
  status: string;
  lastUpdatedTime: number;
  rings: { x: number; y: number }[][][];
}

let studio: Studio;
const photos: number[] = [];
beforeAll(async () => {
  studio = await openStudio({ reducedMotion: 'reduce' });
  // The library shows the newest first, so that Page Down goes from the last one to the first.
  for (let place = 0; place < PHOTOS; place++) photos.unshift(await upload(`run-${place}.png`, place));
  // The library was empty when the person came.
  await studio.page.reload();
  await studio.page.getByTestId('thumbnail').first().waitFor();
});
afterAll(() => studio?.close());

/** A photo of three plain things, a little different each time. */
async function drawThings(seed: number): Promise<Buffer> {
  const radius = RADIUS * HEIGHT;
  const shapes = THINGS.map(({ x, y }, index) => {
    const [left, top] = [x * WIDTH, y * HEIGHT];
    const fill = `hsl(${(seed * 47 + index * 120) % 360} 70% 45%)`;
    if (index === 1) {
      return `<rect x="${left - radius}" y="${top - radius}" width="${2 * radius}" height="${2 * radius}" fill="${fill}"/>`;
    }
    return `<ellipse cx="${left}" cy="${top}" rx="${radius}" ry="${radius * (index === 2 ? 1.2 : 1)}" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="#e9e4da"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

const upload = async (name: string, seed: number) => studio.upload(name, await drawThings(seed), 'image/png');
const rows = ({ page }: StudioPage) => page.getByTestId('object');
const saved = ({ page }: StudioPage) => page.locator('[data-testid=object][data-saved]');

async function annotationsOf(fileId: number): Promise<Named[]> {
  const { status, body } = await studio.server.call<{ items: Named[] }>('GET', `/kontur/annotations?fileId=${fileId}`);
  expect(status).toBe(200);
  return body.items;
}

const change = async (item: object) => {
  const { status, body } = await studio.server.call<{ items: Named[] }>('PATCH', '/kontur/annotations', {
    items: [item],
  });
  expect(status).toBe(200);
  return body.items[0]!;
};

async function mark(one: StudioPage, position: { x: number; y: number }) {
  await one.clickAt(position);
  await one.statusBecomes(/^Segment, score/);
}

async function name(one: StudioPage, label: string, end = 'Enter') {
  await one.page.keyboard.press('f');
  await one.page.getByTestId('label-input').fill(label);
  await one.page.keyboard.press(end);
  await one.page.getByTestId('label-input').waitFor({ state: 'detached' });
}

/** Names the first row anew. */
async function rename(one: StudioPage, label: string, end = 'Enter') {
  await rows(one).first().getByRole('button').first().focus();
  await one.page.keyboard.press('F2');
  await one.page.getByTestId('label-input').fill(label);
  await one.page.keyboard.press(end);
  await one.page.getByTestId('label-input').waitFor({ state: 'detached' });
}

describe('an annotator by keyboard alone', () => {
  const changes: number[] = [];
  let actions = 0;

  it('marks, names and saves each object with three keys, where the first candidate is right', async () => {
    const { page } = studio;
    const press = async (key: string) => {
      actions += 1;
      await page.keyboard.press(key);
    };
    await studio.openPhoto(photos[0]!);
    // Once, by hand: that objects are saved as soon as they are named.
    await page.getByTestId('save-how').click();
    await page.getByTestId('save-when-named').click();
    for (const [place, fileId] of photos.entries()) {
      const canvas = page.getByTestId('canvas');
      await canvas.focus();
      await page.keyboard.press('n');
      const box = (await canvas.boundingBox())!;
      const at = { x: Math.round(box.width / 2), y: Math.round(box.height / 2) };
      const corner = { x: box.x, y: box.y };
      for (const { label, x, y } of THINGS) {
        const target = await studio.placeOf({ x, y });
        await walk(at, { x: target.x - corner.x, y: target.y - corner.y });
        await press('Enter');
        await studio.statusBecomes(/^Segment, score/);
        await press('f');
        const input = page.getByTestId('label-input');
        await input.waitFor();
        const known = await page.getByRole('option').allInnerTexts();
        const digit = known.findIndex((text) => text.includes(label)) + 1;
        if (digit > 0) await press(String(digit));
        else {
          // The first time a label is met it is written.
          actions += 1;
          await input.fill(label);
          await page.keyboard.press('Enter');
        }
        await input.waitFor({ state: 'detached' });
      }
      await expect.poll(() => saved(studio).count()).toBe(THINGS.length);
      const next = photos[place + 1];
      if (next === undefined) break;
      await page.locator(`nav a[href="#/photo/${next}"] em`).waitFor();
      changes.push(await pageDown(next));
      expect(fileId).not.toBe(next);
    }
    const perObject = actions / (photos.length * THINGS.length);
    const sorted = changes.toSorted((one, other) => one - other);
    console.log(
      `${photos.length} photos, ${perObject} actions an object, photo changed in ms:`,
      sorted.map(Math.round),
    );
    expect(perObject).toBeLessThanOrEqual(3);
  });

  /** Moves the crosshair to a place on the canvas; this counts as little as moving a mouse. */
  async function walk(at: { x: number; y: number }, to: { x: number; y: number }) {
    for (const [axis, less, more] of [
      ['x', 'ArrowLeft', 'ArrowRight'],
      ['y', 'ArrowUp', 'ArrowDown'],
    ] as const) {
      // Ten pixels at a time end near enough.
      const steps = Math.round((to[axis] - at[axis]) / 10);
      for (let step = 0; step < Math.abs(steps); step++) {
        await studio.page.keyboard.press(`Shift+${steps < 0 ? less : more}`);
      }
      at[axis] += steps * 10;
    }
  }

  /** Goes to the next photo. Returns how many milliseconds it took until it could be clicked. */
  async function pageDown(next: number): Promise<number> {
    const { page } = studio;
    await page.evaluate((id) => {
      const state = globalThis as unknown as { changed: Promise<number> };
      state.changed = new Promise((resolve) => {
        addEventListener(
          'keydown',
          () => {
            const start = performance.now();
            const look = () => {
              const isThere =
                location.hash.startsWith(`#/photo/${id}`) &&
                document.querySelector('[data-testid=canvas][data-state=ready][data-photo][data-objects="0"]');
              if (isThere) resolve(performance.now() - start);
              else requestAnimationFrame(look);
            };
            look();
          },
          { once: true, capture: true },
        );
      });
    }, next);
    await page.keyboard.press('PageDown');
    return page.evaluate(() => (globalThis as unknown as { changed: Promise<number> }).changed);
  }

  it('leaves annotations with the right labels and outlines', async () => {
    for (const fileId of photos) {
      const annotations = await annotationsOf(fileId);
      expect(annotations.map(({ label }) => label).sort()).toEqual(['disc', 'drop', 'square']);
      for (const { label, x, y } of THINGS) {
        const { rings, status } = annotations.find((one) => one.label === label)!;
        expect(status).toBe('approved');
        const xs = rings.flat(2).map((vertex) => vertex.x);
        const ys = rings.flat(2).map((vertex) => vertex.y);
        const middle = { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
        expect(Math.abs(middle.x - x), label).toBeLessThan(0.03);
        expect(Math.abs(middle.y - y), label).toBeLessThan(0.03);
      }
    }
    await studio.page.getByTestId('save-how').click();
    await studio.page.getByTestId('save-when-named').click();
  });
});

describe('an object with a name', () => {
  let fileId: number;
  let other: StudioPage;
  beforeAll(async () => {
    fileId = await upload('names.png', 90);
    await studio.openPhoto(fileId);
  });
  afterAll(() => other?.leave());

  it('is saved as an annotation, and one without a name as a job', async () => {
    await mark(studio, THINGS[0]);
    await name(studio, 'disc');
    await mark(studio, THINGS[1]);
    await studio.page.keyboard.press('f');
    await studio.page.keyboard.press('Escape');
    await studio.page.keyboard.press('Control+s');
    await expect.poll(() => saved(studio).count()).toBe(2);
    expect(await annotationsOf(fileId)).toMatchObject([{ label: 'disc', status: 'approved' }]);
    const { body } = await studio.server.call<{ items: unknown[] }>('GET', `/kontur/segment?fileId=${fileId}`);
    expect(body.items).toHaveLength(1);
  });

  it('can be saved as suggested, by Ctrl Enter while it is named', async () => {
    await studio.page.getByTestId('save-how').click();
    await studio.page.getByRole('menuitemradio', { name: /suggested/ }).click();
    await mark(studio, THINGS[2]);
    await name(studio, 'drop', 'Control+Enter');
    await expect
      .poll(async () => (await annotationsOf(fileId)).map(({ status }) => status).sort())
      .toEqual(['approved', 'suggested']);
    await studio.page.getByTestId('save-how').click();
    await studio.page.getByRole('menuitemradio', { name: /approved/ }).click();
  });

  it('is there for someone else, who sees labels that are in use', async () => {
    other = await studio.openAnother();
    await other.openPhoto(fileId);
    await expect
      .poll(() => rows(other).allInnerTexts())
      .toEqual([expect.stringContaining('drop'), expect.stringContaining('disc')]);
    await rows(other).first().getByRole('button').first().focus();
    await other.page.keyboard.press('F2');
    expect((await other.page.getByRole('option').allInnerTexts()).join()).toMatch(/drop.*disc/s);
    await other.page.keyboard.press('Escape');
  });

  it('that someone else has changed meanwhile is kept both ways: the second writer is told', async () => {
    other.expectFaults(/status of 409/);
    await rename(studio, 'drop of water', 'Control+s');
    await expect.poll(async () => (await annotationsOf(fileId)).map(({ label }) => label)).toContain('drop of water');
    await rename(other, 'tear', 'Control+s');
    await other.page.getByTestId('photo-notice').filter({ hasText: 'drop of water' }).waitFor();
    expect(await rows(other).first().innerText()).toContain('tear');
    await other.page.getByTestId('compare').click();
    const dialog = other.page.getByRole('dialog');
    await dialog.getByText('Theirs: drop of water').waitFor();
    await dialog.getByText('Yours: tear').waitFor();
    await other.page.getByTestId('keep-both').click();
    await expect
      .poll(async () => (await annotationsOf(fileId)).map(({ label }) => label).sort())
      .toEqual(['disc', 'drop of water', 'tear']);
    await expect.poll(() => rows(other).count()).toBe(3);
  });

  it('keeps mine or theirs, as one chooses', async () => {
    for (const [choice, mine, expected] of [
      ['keep-mine', 'mine', 'mine'],
      ['take-theirs', 'mine once more', 'theirs'],
    ] as const) {
      const before = await annotationsOf(fileId);
      const changed = before.find((one) => ['tear', 'mine'].includes(one.label ?? ''))!;
      await change({ id: changed.id, label: 'theirs' });
      await rename(other, mine, 'Control+s');
      await other.page.getByTestId('compare').click();
      await other.page.getByTestId(choice).click();
      await expect.poll(() => rows(other).first().innerText()).toContain(expected);
      await expect.poll(async () => (await annotationsOf(fileId)).map((one) => one.label)).toContain(expected);
      await expect.poll(() => saved(other).count()).toBe(3);
    }
  });

  it('is deleted with its object, and comes back with undo', async () => {
    const ids = async () => (await annotationsOf(fileId)).map(({ id }) => id).sort();
    const before = await ids();
    await rows(other).first().getByRole('button').first().focus();
    await other.page.keyboard.press('Delete');
    await expect.poll(ids).toHaveLength(before.length - 1);
    await other.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(ids).toEqual(before);
    await expect.poll(() => saved(other).count()).toBe(3);
    // It can still be changed: the page knows how the server has it now.
    await rename(other, 'back again', 'Control+s');
    await expect.poll(async () => (await annotationsOf(fileId)).map(({ label }) => label)).toContain('back again');
  });

  it('that was changed elsewhere is as it is there once the page is looked at again', async () => {
    const [first] = await annotationsOf(fileId);
    await change({ id: first!.id, label: 'renamed elsewhere' });
    await other.page.evaluate(() => dispatchEvent(new Event('visibilitychange')));
    await expect.poll(async () => (await rows(other).allInnerTexts()).join()).toContain('renamed elsewhere');
  });
});
