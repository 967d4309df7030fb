import { join } from 'node:path';
import sharp from 'sharp';
import type { ImageFile } from '../src/engine/image-file.ts';

let images = 0;

/** Writes a picture of 96 x 64 that no test has used before, with a red disc in the middle. */
export async function newDiscImage(folder: string): Promise<ImageFile> {
  const contentHash = `image${images++}`;
  const path = join(folder, `${contentHash}.png`);
  const disc = Buffer.from(
    `<svg width="96" height="64"><circle cx="48" cy="32" r="${16 + (images % 12)}" fill="red"/></svg>`,
  );
  const ground = sharp({ create: { width: 96, height: 64, channels: 3, background: '#567' } });
  await ground
    .composite([{ input: disc }])
    .png()
    .toFile(path);
  return { path, contentHash };
}
