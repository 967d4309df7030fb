import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import { pixelPoint } from '#geometry/spaces';
import type { Size } from '../canvas/viewport.ts';
import type { Outline } from '../objects/photo-object.ts';

/** Steps of a coordinate from 0 to 1: fine enough for any photo, and coarse enough that there and back is the same. */
const STEPS = 1e8;

/** Parts of an outline in pixels of the upright photo. */
export const toParts = ({ parts }: Pick<Outline, 'parts'>, { width, height }: Size): MaskPolygon[] =>
  parts.map((rings) => {
    const [outer = [], ...holes] = rings.map((ring) => ring.map(({ x, y }) => pixelPoint(x * width, y * height)));
    return { outer, holes };
  });

/** The outline of parts in pixels of the upright photo, in fractions of it. */
export function fromParts(parts: readonly MaskPolygon[], { width, height }: Size, score: number): Outline {
  const fraction = (value: number, length: number) =>
    Math.min(Math.max(Math.round((value / length) * STEPS) / STEPS, 0), 1);
  const toUnits = (ring: Ring) => ring.map(({ x, y }) => ({ x: fraction(x, width), y: fraction(y, height) }));
  return {
    score,
    parts: parts.map(({ outer, holes }) => [outer, ...holes].map(toUnits)),
    polygons: parts.map((part) => toUnits(seamParts([part]))),
  };
}
