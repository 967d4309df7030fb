import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon, Ring } from './mask-polygon.ts';
import { type ImageSize, pixelPoint } from './spaces.ts';

/** A rectangle of whole pixels of the upright image, which it does not leave: a part that is looked at as an image of its own. */
export interface ImageWindow {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The prompt as one on the window alone, in fractions of it. All of the prompt lies in the window. */
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

/** Parts in pixels of the window, in pixels of the image. */
export function moveOutOfWindow(parts: readonly MaskPolygon[], { left, top }: ImageWindow): MaskPolygon[] {
  const move = (ring: Ring): Ring => ring.map(({ x, y }) => pixelPoint(x + left, y + top));
  return parts.map(({ outer, holes }) => ({ outer: move(outer), holes: holes.map(move) }));
}
