import { type ImageLimits, openImage } from './open-image.ts';

/** Greatest height of a thumbnail, however narrow its image is. */
const MAX_HEIGHT = 2048;
const QUALITY = 80;

/**
 * Makes a small JPEG of the upright photo, at most `width` pixels wide; smaller photos keep their size. It contains no
 * metadata of the photo.
 *
 * @throws the errors of `openImage`
 */
export async function makeThumbnail(path: string, { width }: { width: number }, limits: ImageLimits): Promise<Buffer> {
  const { imageWidth, imageHeight, read } = await openImage(path, limits);
  const scale = Math.min(1, width / imageWidth, MAX_HEIGHT / imageHeight);
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return read({ width: scaled(imageWidth), height: scaled(imageHeight) }, (picture) =>
    picture.jpeg({ quality: QUALITY }).toBuffer(),
  );
}
