import type { Vertex } from '#contract/vision/segment-job';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';
import type { SetShape } from './set-format.ts';

/**
 * Converts an outline or a box, in fractions of the photo, to its parts in pixels; undefined for anything that encloses
 * nothing.
 */
export function toParts(shape: SetShape, size: ImageSize): MaskPolygon[] | undefined {
  const toPixels = (ring: readonly Vertex[]) => ring.map(({ x, y }) => unitToPixel(unitPoint(x, y), size));
  if (shape.is === 'box') return [{ outer: toPixels(cornersOf(shape)), holes: [] }];
  if (shape.is !== 'outline' || shape.rings.length === 0) return undefined;
  return shape.rings.map(([outer = [], ...holes]) => ({ outer: toPixels(outer), holes: holes.map(toPixels) }));
}

/** The corners of a box, clockwise from the top left. */
export const cornersOf = ({ xMin, yMin, xMax, yMax }: Extract<SetShape, { is: 'box' }>): Vertex[] => [
  { x: xMin, y: yMin },
  { x: xMax, y: yMin },
  { x: xMax, y: yMax },
  { x: xMin, y: yMax },
];
