import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { findViolations } from '../../../testing/studio/find-violations.ts';
import { openStudio, type Studio, type StudioPage } from '../../../testing/studio/open-studio.ts';

const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };

let studio: Studio;
let boats: number;
beforeAll(async () => {
  studio = await openStudio();
  boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
  const { post, settled } = studio.server;
  await settled(await post(boats, { points: [{ x: 0.62, y: 0.645, label: 1 }] }));
});
afterAll(() => studio?.close());

/** Each screen, and what has to be there before it is judged. */
const SCREENS: Record<string, (person: StudioPage) => Promise<void>> = {
  library: async ({ page }) => {
    await page.evaluate(() => {
      location.hash = '#/';
    });
    await page.getByTestId('thumbnail').first().waitFor();
  },
  photo: async (person) => person.openPhoto(boats),
  'photo with an object': async (person) => {
    await person.openPhoto(boats);
    await person.clickAt({ x: 0.62, y: 0.645 });
    await person.page.getByTestId('candidate').first().waitFor();
  },
  jobs: async ({ page }) => {
    await page.evaluate(() => {
      location.hash = '#/jobs';
    });
    await page.getByTestId('job').first().waitFor();
  },
  health: async ({ page }) => {
    await page.evaluate(() => {
      location.hash = '#/health';
    });
    await page.getByTestId('verdict').waitFor();
  },
};

describe.each([
  ['desktop, light', { viewport: DESKTOP, colorScheme: 'light' }],
  ['desktop, dark', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['phone, light', { viewport: PHONE, hasTouch: true, colorScheme: 'light' }],
  ['phone, dark', { viewport: PHONE, hasTouch: true, colorScheme: 'dark' }],
  // What a page of 1280 x 720 is at 200 %.
  ['at 200 %', { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2, colorScheme: 'light' }],
] as const)('%s', (_name, options) => {
  let person: StudioPage;
  beforeAll(async () => {
    person = await studio.openAnother(options);
  });
  afterAll(() => person?.leave());

  it.each(Object.keys(SCREENS))('%s: axe finds nothing, and nothing has to be scrolled sideways', async (screen) => {
    await SCREENS[screen]!(person);
    await person.page.waitForTimeout(300);
    expect(await findViolations(person.page)).toEqual([]);
    const overflow = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

it('before signing in, axe finds nothing', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const person = await studio.openAnother({ signedOut: true, colorScheme });
    await person.page.getByTestId('sign-in').waitFor();
    expect(await findViolations(person.page)).toEqual([]);
    await person.leave();
  }
});

it('the photo screen reads sensibly to a screen reader', async () => {
  await SCREENS['photo with an object']!(studio);
  const heard = await studio.page.locator('body').ariaSnapshot();
  expect(heard).toMatch(/banner/);
  expect(heard).toMatch(/main/);
  expect(heard).toMatch(/application "Segment, score 0\.\d\d, \d+ vertices/);
  expect(heard).toMatch(/status|Segment, score/);
  // Everything that can be pressed has a name.
  expect(heard.match(/- (button|link|textbox|checkbox|radio|combobox)(?! ")( \[.*\])?:?$/gm) ?? []).toEqual([]);
});
