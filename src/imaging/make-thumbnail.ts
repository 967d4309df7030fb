import { openImage, readPixels } from './open-image.ts';

/** No thumbnail is higher, however slim its image is. */
const MAX_HEIGHT = 2048;
const QUALITY = 80;

/**
 * A small JPEG of the upright photo, at most `width` pixels wide; smaller photos stay as they are. It holds no metadata of the
 * photo. Throws the errors of open-image.ts.
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
