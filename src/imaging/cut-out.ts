import { buffer } from 'node:stream/consumers';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { encodeMaskPng } from './encode-mask-png.ts';
import { type ImageLimits, openImage } from './open-image.ts';

/** Most photos get hardly smaller above this level, but take much longer. */
const COMPRESSION_LEVEL = 4;

/**
 * Writes the upright photo as a PNG of the same size in which only the given parts are visible: all else is
 * transparent, without the colours of the photo. Memory grows with the photo only if it has to be turned upright.
 *
 * @throws the errors of `openImage`
 */
export async function cutOut(
  path: string,
  { parts, outPath }: { parts: readonly MaskPolygon[]; outPath: string },
  limits: ImageLimits,
): Promise<void> {
  const image = await openImage(path, limits);
  const mask = await buffer(encodeMaskPng(parts, image, { transparentOutside: true }));
  const overlay = { input: mask, blend: 'dest-in', limitInputPixels: limits.maxPixels } as const;
  await image.read({ width: image.imageWidth, height: image.imageHeight }, (photo) =>
    photo.composite([overlay]).png({ compressionLevel: COMPRESSION_LEVEL }).toFile(outPath),
  );
}
