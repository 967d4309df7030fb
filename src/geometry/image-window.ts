import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon, Ring } from './mask-polygon.ts';
import { type ImageSize, pixelPoint } from './spaces.ts';

/** A rectangle of whole pixels within the upright image, which is segmented as if it were an image. */
export interface ImageWindow {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Converts a prompt from fractions of the image to fractions of a window, which must contain all of the prompt. */
export function moveIntoWindow(
  { points, boundingBox: box }: Prompt,
  { left, top, width, height }: ImageWindow,
  { imageWidth, imageHeight }: ImageSize,
): Prompt {
  const moveX = (x: number) => (x * imageWidth - left) / width;
  const moveY = (y: number) => (y * imageHeight - top) / height;
  return {
    ...(points && { points: points.map(({ x, y, label }) => ({ x: moveX(x), y: moveY(y), label })) }),
    ...(box && {
      boundingBox: { xMin: moveX(box.xMin), yMin: moveY(box.yMin), xMax: moveX(box.xMax), yMax: moveY(box.yMax) },
    }),
  };
}

/** Converts parts from pixels of a window to pixels of the image. */
export function moveOutOfWindow(parts: readonly MaskPolygon[], { left, top }: ImageWindow): MaskPolygon[] {
  const move = (ring: Ring): Ring => ring.map(({ x, y }) => pixelPoint(x + left, y + top));
  return parts.map(({ outer, holes }) => ({ outer: move(outer), holes: holes.map(move) }));
}
