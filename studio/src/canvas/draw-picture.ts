import type { Placing } from './draw-marks.ts';
import type { OriginalPart } from './open-original.ts';

/** CSS pixels that a pixel of the photo takes from which on its pixels are drawn as squares. */
const SQUARES_FROM = 4;

/** Draws the photo: a copy of all of it, and over that the part whose own pixels are there. */
export function drawPicture(
  context: CanvasRenderingContext2D,
  { picture, original, isMoving }: { picture: ImageBitmap; original: OriginalPart | undefined; isMoving: boolean },
  { viewport: { scale, left, top }, photo }: Placing,
): void {
  const showsSquares = scale >= SQUARES_FROM;
  context.imageSmoothingQuality = isMoving ? 'low' : 'high';
  context.imageSmoothingEnabled = !showsSquares || picture.width < photo.width;
  context.drawImage(picture, left, top, photo.width * scale, photo.height * scale);
  if (original === undefined) return;
  const { bitmap, part } = original;
  const place = [left + part.left * scale, top + part.top * scale, part.width * scale, part.height * scale] as const;
  // As the engine sees transparency.
  context.fillStyle = '#fff';
  context.fillRect(...place);
  context.imageSmoothingEnabled = !showsSquares || bitmap.width < part.width;
  context.drawImage(bitmap, ...place);
}
