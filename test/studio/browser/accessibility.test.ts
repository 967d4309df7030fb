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
  const { call, post, settled } = studio.server;
  await settled(await post(boats, { points: [{ x: 0.62, y: 0.645, label: 1 }] }));
  const corners = [
    { x: 0.4, y: 0.4 },
    { x: 0.6, y: 0.4 },
    { x: 0.6, y: 0.6 },
  ];
  for (const status of ['suggested', 'approved', 'rejected']) {
    await call('POST', '/kontur/annotations', {
      items: [{ fileId: boats, label: 'boat', rings: [[corners]], status }],
    });
  }
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
  review: async ({ page }) => {
    await page.evaluate(() => {
      location.hash = '#/review';
    });
    await page.getByTestId('annotation-picture').first().waitFor();
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

it('the keyboard reaches everything that can be pressed, in sight and with its focus seen', async () => {
  const { page } = studio;
  // Tab begins at the top of a page that was just loaded.
  await SCREENS.library!(studio);
  await page.reload();
  await page.getByTestId('thumbnail').first().waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const seen = new Set<string>();
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(async () => {
      // Colours change by and by.
      const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body) return undefined;
      const { width, height } = focused.getBoundingClientRect();
      const looks = () =>
        [focused, focused.parentElement, focused.nextElementSibling].map((element) => {
          if (element === null) return '';
          return ['', '::after'].map((part) => {
            const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(element, part);
            return [outline, boxShadow, borderColor, backgroundColor].join();
          });
        });
      await settled();
      const withFocus = looks().join();
      focused.blur();
      await settled();
      const without = looks().join();
      focused.focus();
      const { testid } = focused.dataset;
      const label = (focused as HTMLInputElement).labels?.[0]?.textContent;
      const name = `${focused.tagName} ${testid ?? focused.getAttribute('aria-label') ?? label ?? focused.textContent}`;
      return { name, size: width * height, isMarked: withFocus !== without };
    });
    if (at === undefined) break;
    expect(at.size, at.name).toBeGreaterThan(0);
    expect(at.isMarked, at.name).toBe(true);
    seen.add(at.name);
  }
  for (const name of ['Library', 'Review', 'Jobs', 'Health']) {
    expect(
      [...seen].some((one) => one.includes(name)),
      name,
    ).toBe(true);
  }
  expect([...seen].some((one) => /upload/i.test(one))).toBe(true);
});
