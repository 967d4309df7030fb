import { buffer } from 'node:stream/consumers';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { encodeMaskPng } from './encode-mask-png.ts';
import { openImage, readPixels } from './open-image.ts';

/** Most photos shrink hardly any further above this level, but take much longer. */
const COMPRESSION_LEVEL = 4;

/**
 * Writes the upright photo as a PNG of its own size in which only the parts are left: all else is transparent, and holds no
 * colour of the photo any more. Memory grows with the photo only where it has to be turned upright. Throws the errors of
 * open-image.ts.
 */
export async function cutOut(
  path: string,
  { parts, outPath }: { parts: readonly MaskPolygon[]; outPath: string },
  limits: { maxPixels: number },
): Promise<void> {
  const image = await openImage(path, limits);
  const mask = await buffer(encodeMaskPng(parts, image, { transparentOutside: true }));
  const photo = image.scaledTo(image.imageWidth, image.imageHeight);
  const overlay = { input: mask, blend: 'dest-in', limitInputPixels: limits.maxPixels } as const;
  await readPixels(photo.composite([overlay]).png({ compressionLevel: COMPRESSION_LEVEL }).toFile(outPath));
}
