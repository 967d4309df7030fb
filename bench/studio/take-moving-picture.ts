import sharp from 'sharp';
import type { Studio, Unit } from '../../testing/studio/open-studio.ts';

/** Size of the picture in pixels, and milliseconds that each of its frames is shown. */
const SIZE = { width: 800, height: 450 };
const FRAME_MS = 110;
/** Frames from one place to the next. */
const STEPS = 9;

/** The pointer, which no screenshot contains: its tip is at the top-left corner. */
const POINTER = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="26"><path d="M1 1v20l5-5 4 8 4-2-4-8h7z" fill="#111" stroke="#fff" stroke-width="1.5"/></svg>`,
);

/** Films how outlines follow the pointer over a photo, and how a click keeps one, into an animated WebP file. */
export async function takeMovingPicture(
  studio: Studio,
  { fileId, places, file }: { fileId: number; places: Unit[]; file: string },
): Promise<void> {
  const person = await studio.openAnother({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' });
  // What is wrong with the page is for the tests to say.
  person.expectFaults(/./);
  const { page, placeOf } = person;
  await person.openPhoto(fileId);
  const frames: Buffer[] = [];
  const film = async ({ x, y }: { x: number; y: number }) => {
    const whole = sharp(await page.screenshot()).composite([
      { input: POINTER, left: Math.round(x), top: Math.round(y) },
    ]);
    // Resizing comes before compositing within one pipeline.
    frames.push(
      await sharp(await whole.png().toBuffer())
        .resize(SIZE)
        .png()
        .toBuffer(),
    );
  };
  let at = await placeOf({ x: 0.1, y: 0.3 });
  for (const [index, place] of places.entries()) {
    const to = await placeOf(place);
    for (let step = 1; step <= STEPS; step++) {
      const share = step / STEPS;
      const now = { x: at.x + (to.x - at.x) * share, y: at.y + (to.y - at.y) * share };
      await page.mouse.move(now.x, now.y);
      await page.waitForTimeout(FRAME_MS);
      await film(now);
    }
    at = to;
    const isLast = index === places.length - 1;
    if (isLast) {
      await page.mouse.click(to.x, to.y);
      await person.statusBecomes(/score/);
    }
    for (let step = 0; step < (isLast ? 14 : 4); step++) {
      await page.waitForTimeout(FRAME_MS);
      await film(to);
    }
  }
  await sharp(frames, { join: { animated: true } })
    .webp({ quality: 62, effort: 5, loop: 0, delay: frames.map(() => FRAME_MS), mixed: true })
    .toFile(file);
  await person.leave();
}
