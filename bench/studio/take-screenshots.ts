import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { PHOTO, root } from '../../testing/server-process.ts';
import {
  openStudio,
  type PersonOptions,
  type Studio,
  type StudioPage,
  type Unit,
} from '../../testing/studio/open-studio.ts';
import { takeMovingPicture } from './take-moving-picture.ts';

const USAGE = `Usage: npm run screenshots
Writes every screen and state of the studio into studio/screenshots/, light and dark, on a desktop and on a phone, and the pictures that the
README opens with into docs/. For people to look at: nothing is compared.
`;
if (process.argv.length > 2) {
  process.stderr.write(USAGE);
  process.exit(2);
}

const FOLDER = path.join(root, 'studio', 'screenshots');
const DESKTOP: PersonOptions = { viewport: { width: 1280, height: 720 } };
const PHONE: PersonOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };
const LOOKS: Record<string, PersonOptions> = {
  'desktop-light': { ...DESKTOP, colorScheme: 'light' },
  'desktop-dark': { ...DESKTOP, colorScheme: 'dark' },
  'phone-light': { ...PHONE, colorScheme: 'light' },
  'phone-dark': { ...PHONE, colorScheme: 'dark' },
};

/** Places on the photo where something is. */
const BOATS: Unit[] = [
  { x: 0.34, y: 0.55 },
  { x: 0.85, y: 0.9 },
  { x: 0.2, y: 0.775 },
];

/** Parts of the photo: left, top, width, height. */
const PARTS = [
  [0, 300, 512, 400],
  [300, 380, 480, 360],
  [520, 420, 500, 399],
  [0, 0, 640, 480],
  [380, 0, 644, 420],
  [120, 480, 420, 330],
  [700, 200, 320, 420],
  [60, 200, 700, 460],
] as const;

mkdirSync(FOLDER, { recursive: true });
const studio = await openStudio({ signedOut: true });
studio.expectFaults(/./);
try {
  await takeAll(studio);
} finally {
  await studio.close();
}

async function takeAll(all: Studio): Promise<void> {
  const people: Record<string, StudioPage> = {};
  for (const [look, options] of Object.entries(LOOKS))
    people[look] = await all.openAnother({ ...options, signedOut: true });
  // What is wrong with the page is for the tests to say.
  for (const person of Object.values(people)) person.expectFaults(/./);
  const everywhere = async (state: string, show: (person: StudioPage, look: string) => Promise<void>) => {
    for (const [look, person] of Object.entries(people)) {
      await show(person, look);
      await person.page.waitForTimeout(400);
      await take(person, `${state}-${look}`);
    }
  };
  await everywhere('sign-in', async ({ page }) => page.getByTestId('sign-in').waitFor());
  await everywhere('welcome', async (person) => {
    await person.signIn();
    await person.page.getByTestId('sample').waitFor();
  });
  const boats = await all.upload('boats-at-nagasaki.jpg', PHOTO, 'image/jpeg');
  for (let index = 0; index < 24; index++) {
    const [left, top, width, height] = PARTS[index % PARTS.length]!;
    const part = sharp(PHOTO).extract({ left, top, width, height });
    if (index >= PARTS.length) part.modulate({ hue: 0, brightness: index % 2 ? 0.8 : 1.15 }).flop(index % 3 === 0);
    await all.upload(`harbour-${String(index + 1).padStart(2, '0')}.jpg`, await part.jpeg().toBuffer(), 'image/jpeg');
  }
  const { post, settled } = all.server;
  for (const place of BOATS) await settled(await post(boats, { points: [{ ...place, label: 1 }] }));
  const broken = await all.upload('broken.jpg', PHOTO.subarray(0, 20_000), 'image/jpeg');
  await settled(await post(broken, { points: [{ x: 0.5, y: 0.5, label: 1 }] }));

  await everywhere('library', async ({ page }) => {
    await goTo(page, '#/');
    await page.reload();
    await page.getByTestId('thumbnail').nth(3).waitFor();
    await page.waitForTimeout(1500);
  });
  await everywhere('hover', async (person) => {
    await person.openPhoto(boats);
    await person.hoverAt(BOATS[1]!);
    await person.page.waitForTimeout(300);
    await person.outlineAt(BOATS[0]!);
  });
  await everywhere('click', async (person) => {
    await person.clickAt(BOATS[0]!);
    await person.statusBecomes(/score/);
  });
  await everywhere('objects', async (person) => {
    for (const [index, place] of BOATS.entries()) {
      if (index > 0) {
        await person.page.mouse.move(0, 0);
        await person.clickAt(place);
        await person.statusBecomes(/score/);
      }
      if (index < BOATS.length - 1) await finish(person, 'boat');
    }
  });
  await saveAnnotations(all, boats);
  await everywhere('annotated', async (person) => {
    await goTo(person.page, '#/jobs');
    await person.openPhoto(boats);
    await person.page.waitForTimeout(500);
  });
  await everywhere('review', async ({ page }) => {
    await goTo(page, '#/review');
    await page.getByTestId('annotation-picture').nth(3).waitFor();
    await page.waitForTimeout(800);
  });
  await everywhere('review-selected', async ({ page }) => {
    await page.keyboard.press('a');
    await page.keyboard.press(' ');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press(' ');
  });
  await everywhere('review-label', async ({ page }) => {
    await page.keyboard.press('l');
    await page.getByTestId('label-input').waitFor();
  });
  await everywhere('review-deleted', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
  });
  await everywhere('jobs', async ({ page }) => {
    await goTo(page, '#/jobs');
    await page.getByTestId('job').first().waitFor();
  });
  await everywhere('health', async ({ page }) => {
    await goTo(page, '#/health');
    await page.getByTestId('verdict').waitFor();
    await page.waitForTimeout(1000);
  });
  await everywhere('broken-photo', async (person) => {
    await goTo(person.page, `#/photo/${broken}`);
    await person.page.waitForTimeout(1500);
  });
  await takeMovingPicture(all, { fileId: boats, places: BOATS, file: path.join(root, 'docs', 'studio.webp') });
  const desktop = people['desktop-light']!;
  await desktop.openPhoto(boats);
  await desktop.page.waitForTimeout(500);
  await sharp(await desktop.page.screenshot())
    .png({ palette: true, quality: 80, effort: 10 })
    .toFile(path.join(root, 'docs', 'studio.png'));
  await all.server.end('SIGTERM');
  await everywhere('no-server', async ({ page }) => {
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.getByTestId('notice').waitFor();
  });
}

/** Saves what is found at some places of the photo, each with another label and state. */
async function saveAnnotations({ server }: Studio, fileId: number): Promise<void> {
  const labels = ['boat', 'boat', 'covered boat', 'store house', 'wall', 'house', 'hill', 'boat'];
  for (const [place, label] of labels.entries()) {
    const [x, y] = [0.15 + 0.1 * place, 0.55 + 0.05 * (place % 7)];
    const { body } = await server.call<{ segments: { rings: object; score: number }[] }>(
      'POST',
      '/kontur/preview?rings=true',
      { fileId, points: [{ x, y, label: 1 }] },
    );
    const [segment] = body.segments;
    if (segment === undefined) continue;
    const status = (['suggested', 'suggested', 'approved', 'rejected'] as const)[place % 4];
    await server.call('POST', '/kontur/annotations', {
      items: [{ fileId, label, status, rings: segment.rings, score: segment.score }],
    });
  }
}

async function take({ page }: StudioPage, name: string): Promise<void> {
  const picture = sharp(await page.screenshot()).jpeg({ quality: 72, mozjpeg: true });
  const file = path.join(FOLDER, `${name}.jpg`);
  rmSync(file, { force: true });
  await picture.toFile(file);
}

async function goTo(page: StudioPage['page'], hash: string): Promise<void> {
  await page.evaluate((address) => {
    location.hash = address;
  }, hash);
}

/** Ends work on the active object, with a name where the page asks for one. */
async function finish({ page }: StudioPage, name: string): Promise<void> {
  const isDone = page.getByTestId('status').filter({ hasNotText: /score/ });
  const label = page.getByTestId('label-input');
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Enter');
  await label.or(isDone).first().waitFor();
  if (await label.isVisible()) {
    await label.fill(name);
    await page.keyboard.press('Enter');
  }
  await isDone.waitFor();
}
