import { type MaskPolygon, partBounds } from '#geometry/mask-polygon';
import { type Circle, smallestCircle } from '#geometry/smallest-circle';
import { smallestRectangle } from '#geometry/smallest-rectangle';
import { type PixelPoint, pixelPoint } from '#geometry/spaces';

/** A shape that can replace an outline. */
export type FittedShape = 'rectangle' | 'turnedRectangle' | 'circle';

/** How far a circle may be from its polygon, in pixels, and the corners that it has at least and at most. */
const ARC_TOLERANCE = 0.25;
const CORNERS = { least: 24, most: 180 } as const;

/**
 * The smallest shape around all parts, in their pixels; it may reach beyond the photo. Undefined around what has no
 * area.
 */
export function fitShape(parts: readonly MaskPolygon[], shape: FittedShape): MaskPolygon | undefined {
  const corners = parts.flatMap(({ outer }): readonly PixelPoint[] => outer);
  if (corners.length < 3) return undefined;
  const outer = SHAPES[shape](corners, parts);
  return outer && { outer, holes: [] };
}

const SHAPES: Record<
  FittedShape,
  (corners: readonly PixelPoint[], parts: readonly MaskPolygon[]) => readonly PixelPoint[] | undefined
> = {
  rectangle(_, parts) {
    const { left, top, right, bottom } = partBounds(parts);
    return [pixelPoint(left, top), pixelPoint(right, top), pixelPoint(right, bottom), pixelPoint(left, bottom)];
  },
  turnedRectangle: smallestRectangle,
  circle: (corners) => toRing(smallestCircle(corners)),
};

function toRing({ centre, radius }: Circle): readonly PixelPoint[] {
  const wanted = Math.PI / Math.acos(1 - Math.min(ARC_TOLERANCE / radius, 1));
  const count = Math.min(Math.max(Math.ceil(wanted), CORNERS.least), CORNERS.most);
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI;
    return pixelPoint(centre.x + radius * Math.cos(angle), centre.y + radius * Math.sin(angle));
  });
}
