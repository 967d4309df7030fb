import { openImage, readPixels } from './open-image.ts';

/** Greatest height of a thumbnail, however narrow its image is. */
const MAX_HEIGHT = 2048;
const QUALITY = 80;

/**
 * Makes a small JPEG of the upright photo, at most `width` pixels wide; smaller photos keep their size. It contains no
 * metadata of the photo.
 *
 * @throws the errors of `openImage`
 */
export async function makeThumbnail(
  path: string,
  { width }: { width: number },
  limits: { maxPixels: number },
): Promise<Buffer> {
  const { imageWidth, imageHeight, scaledTo } = await openImage(path, limits);
  const scale = Math.min(1, width / imageWidth, MAX_HEIGHT / imageHeight);
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return readPixels(scaledTo(scaled(imageWidth), scaled(imageHeight)).jpeg({ quality: QUALITY }).toBuffer());
}
