import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio, type StudioPage } from '../../../testing/studio/open-studio.ts';

/** Annotations of the large set. */
const MANY = Number(process.env.KONTUR_MANY_ANNOTATIONS ?? 1500);
const AT_ONCE = 500;

interface Named {
  id: number;
  label: string;
  status: string;
  lastUpdatedTime: number;
}

let studio: Studio;
let boats: number;
let harbour: number;
beforeAll(async () => {
  studio = await openStudio();
  boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
  harbour = await studio.upload('harbour.jpg', PHOTO, 'image/jpeg');
});
afterAll(() => studio?.close());

/** An outline of eight vertices around a place. */
const ringAt = (x: number, y: number, radius = 0.05) =>
  Array.from({ length: 8 }, (_, place) => ({
    x: x + radius * Math.cos((place * Math.PI) / 4),
    y: y + radius * Math.sin((place * Math.PI) / 4),
  }));

async function create(items: readonly object[]): Promise<Named[]> {
  const { status, body } = await studio.server.call<{ items: Named[] }>('POST', '/kontur/annotations', { items });
  expect(status, JSON.stringify(body).slice(0, 300)).toBe(201);
  return body.items;
}
const suggest = (fileId: number, label: string, x: number) =>
  create([{ fileId, label, status: 'suggested', rings: [[ringAt(x, 0.5)]], score: 0.9 }]).then(([one]) => one!);

async function list(query = ''): Promise<Named[]> {
  const { body } = await studio.server.call<{ items: Named[] }>('GET', `/kontur/annotations?limit=100${query}`);
  return body.items;
}
const stateOf = async (id: number) => (await list()).find((one) => one.id === id)?.status;
const labelOf = async (id: number) => (await list()).find((one) => one.id === id)?.label;

const items = ({ page }: StudioPage) => page.getByTestId('review-item');
const card = ({ page }: StudioPage, id: number) => page.locator(`[data-annotation="${id}"]`);

async function open(one: StudioPage, query = '') {
  await one.page.evaluate((hash) => {
    location.hash = '#/jobs';
    location.hash = hash;
  }, `#/review${query}`);
  await items(one).first().waitFor();
}

/** Looks at an annotation by clicking on it. */
const lookAt = (one: StudioPage, id: number) => card(one, id).getByRole('button').click();

describe('annotations', () => {
  const made: Named[] = [];
  let other: StudioPage;
  beforeAll(async () => {
    for (const [place, label] of ['boat', 'boat', 'junk', 'house', 'pier'].entries()) {
      made.push(await suggest(place < 3 ? boats : harbour, label, 0.2 + place * 0.1));
    }
    await open(studio);
  });
  afterAll(() => other?.leave());

  it('are shown with their pictures, the one that was changed last first', async () => {
    await expect.poll(() => items(studio).count()).toBe(made.length);
    expect(await items(studio).first().innerText()).toContain('pier');
    await expect.poll(() => studio.page.getByTestId('annotation-picture').count()).toBe(made.length + 1);
  });

  it('are approved and rejected by key, one after another', async () => {
    const { page } = studio;
    await lookAt(studio, made[4]!.id);
    await page.keyboard.press('a');
    await page.keyboard.press('r');
    await page.keyboard.press('a');
    await expect.poll(() => stateOf(made[4]!.id)).toBe('approved');
    await expect.poll(() => stateOf(made[3]!.id)).toBe('rejected');
    await expect.poll(() => stateOf(made[2]!.id)).toBe('approved');
    expect(await stateOf(made[1]!.id)).toBe('suggested');
    expect(await card(studio, made[1]!.id).getAttribute('data-current')).toBe('true');
  });

  it('go back by Ctrl Z', async () => {
    await studio.page.keyboard.press('Control+z');
    await expect.poll(() => stateOf(made[2]!.id)).toBe('suggested');
    await expect.poll(() => card(studio, made[2]!.id).getAttribute('data-status')).toBe('suggested');
  });

  it('are filtered by state, label and person, and the address says so', async () => {
    const { page } = studio;
    await page
      .locator('label')
      .filter({ hasText: /^Suggested/ })
      .click();
    await expect.poll(() => items(studio).count()).toBe(3);
    await page.getByLabel('Label', { exact: true }).selectOption('boat');
    await expect.poll(() => items(studio).count()).toBe(2);
    expect(await page.evaluate(() => location.hash)).toBe('#/review?status=suggested&label=boat');
    await page.getByLabel('Person').selectOption({ index: 1 });
    await expect.poll(() => items(studio).count()).toBe(2);
  }, 60_000);

  it('are given another label together', async () => {
    const { page } = studio;
    await open(studio);
    await lookAt(studio, made[0]!.id);
    await page.keyboard.press(' ');
    await lookAt(studio, made[1]!.id);
    await page.keyboard.press(' ');
    await page.keyboard.press('l');
    await page.getByTestId('label-input').fill('barge');
    await page.keyboard.press('Enter');
    for (const { id } of made.slice(0, 2)) await expect.poll(() => labelOf(id)).toBe('barge');
    await expect.poll(() => card(studio, made[0]!.id).innerText()).toContain('barge');
  });

  it('are approved together', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+a');
    await page.getByTestId('approve-selected').click();
    await expect.poll(async () => (await list()).every(({ status }) => status === 'approved')).toBe(true);
  });

  it('that someone else has decided on meanwhile are told, and decided on all the same if one says so', async () => {
    other = await studio.openAnother();
    await open(other);
    const [first, second] = [made[0]!, made[1]!];
    await lookAt(other, first.id);
    await studio.page.keyboard.press('Escape');
    await lookAt(studio, first.id);
    await studio.page.keyboard.press('r');
    await expect.poll(() => stateOf(first.id)).toBe('rejected');
    other.expectFaults(/status of 409/);
    await other.page.keyboard.press(' ');
    await lookAt(other, second.id);
    await other.page.keyboard.press(' ');
    await other.page.keyboard.press('s');
    // The other of the two is written, and the first is shown as it is now.
    await expect.poll(() => stateOf(second.id)).toBe('suggested');
    const notice = other.page.getByTestId('review-notice');
    await notice.filter({ hasText: 'has changed this annotation meanwhile' }).waitFor();
    expect(await stateOf(first.id)).toBe('rejected');
    expect(await card(other, first.id).getAttribute('data-status')).toBe('rejected');
    await notice.getByRole('button', { name: 'Decide all the same' }).click();
    await expect.poll(() => stateOf(first.id)).toBe('suggested');
  });

  it('say who has done what to them', async () => {
    await lookAt(other, made[0]!.id);
    const history = other.page.getByTestId('history');
    await expect.poll(() => history.locator('li').count()).toBeGreaterThan(3);
    expect(await history.locator('li').last().getAttribute('data-change')).toBe('created');
  });

  it('are deleted, and brought back', async () => {
    const { page } = other;
    const { id } = made[0]!;
    await page.keyboard.press('Delete');
    await expect.poll(() => stateOf(id)).toBeUndefined();
    expect(await card(other, id).count()).toBe(0);
    await page.getByTestId('review-undo').click();
    await expect.poll(() => stateOf(id)).toBe('suggested');
    await card(other, id).waitFor();
    await lookAt(other, id);
    await page.keyboard.press('a');
    await expect.poll(() => stateOf(id)).toBe('approved');
    await lookAt(other, id);
    await expect.poll(() => other.page.getByTestId('history').locator('[data-change=restored]').count()).toBe(1);
  });

  it('lead to their photo, where they are objects, and back', async () => {
    const { page } = other;
    await lookAt(other, made[4]!.id);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=canvas][data-objects]:not([data-objects="0"])').waitFor();
    await page.goBack();
    await card(other, made[4]!.id).waitFor();
    expect(await card(other, made[4]!.id).getAttribute('data-current')).toBe('true');
  });
});

it('many annotations are scrolled fluently, and read to the last', { timeout: 120_000 }, async () => {
  for (let start = 0; start < MANY; start += AT_ONCE) {
    await create(
      Array.from({ length: AT_ONCE }, (_, place) => {
        const turn = ((start + place) * 0.618) % 1;
        const rings = [[ringAt(0.1 + 0.8 * turn, 0.2 + 0.6 * ((turn * 7) % 1))]];
        return { fileId: place % 2 ? boats : harbour, label: `many ${place % 5}`, status: 'suggested', rings };
      }),
    );
  }
  const person = await studio.openAnother();
  const { page } = person;
  await open(person);
  await expect.poll(() => page.getByTestId('review-count').innerText()).toMatch(/and more$/);
  const frames = await page.evaluate(async () => {
    const scroller = document.querySelector<HTMLElement>('[data-testid=review-item]')!.closest('[role=list]')!
      .parentElement!;
    const gaps: number[] = [];
    let drawn = 0;
    let last = performance.now();
    for (let frame = 0; frame < 240; frame++) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      scroller.scrollTop += 400;
      drawn = Math.max(drawn, document.querySelectorAll('[data-testid=review-item]').length);
    }
    return { gaps: gaps.sort((one, other) => one - other), drawn, scrolled: scroller.scrollTop };
  });
  const at = (share: number) => Math.round(frames.gaps[Math.floor(frames.gaps.length * share)]!);
  console.log(`frames of ${MANY}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${frames.drawn} cards drawn at most`);
  expect(frames.drawn).toBeLessThan(100);
  expect(frames.scrolled).toBeGreaterThan(5000);
  // Far off the figure that is quoted: what would fail here is a list that is drawn whole.
  expect(at(0.5)).toBeLessThan(200);
  await expect
    .poll(
      async () => {
        await page.keyboard.press('End');
        return page.getByTestId('review-count').innerText();
      },
      { timeout: 120_000 },
    )
    .toMatch(/^[\d,]+ annotations$/);
  expect(
    Number.parseInt((await page.getByTestId('review-count').innerText()).replace(',', ''), 10),
  ).toBeGreaterThanOrEqual(MANY);
});
