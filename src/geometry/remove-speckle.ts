import { type MaskPolygon, polygonArea, polygonContains, ringContains, signedArea } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

/** What counts as speckle, as fractions of the whole mask's area. */
export interface SpeckleLimits {
  /** Detached parts smaller than this are dropped, but never the largest. */
  minPartFraction: number;
  /** Holes smaller than this are filled. */
  minHoleFraction: number;
}

/** A point of a prompt in pixels of the upright image, and whether it is foreground or background. */
export interface MarkedPoint {
  at: PixelPoint;
  isForeground: boolean;
}

/**
 * Removes the specks and pinholes that a decoder leaves in its masks. Limits and gain:
 * docs/decisions/0027-simplify-polygons.md. The largest part comes first. A part that contains a foreground point and a
 * hole that contains a background point stay, however small.
 */
export function removeSpeckle(
  polygons: readonly MaskPolygon[],
  limits: SpeckleLimits,
  marks: readonly MarkedPoint[] = [],
): MaskPolygon[] {
  const parts = polygons.map((polygon) => ({ polygon, area: polygonArea(polygon) })).sort((a, b) => b.area - a.area);
  const maskArea = parts.reduce((sum, { area }) => sum + area, 0);
  const isMeant = (polygon: MaskPolygon) =>
    marks.some(({ at, isForeground }) => isForeground && polygonContains(polygon, at));
  const isLeftOut = (hole: MaskPolygon['outer']) =>
    marks.some(({ at, isForeground }) => !isForeground && ringContains(hole, at));
  return parts
    .filter(({ polygon, area }, rank) => rank === 0 || area >= limits.minPartFraction * maskArea || isMeant(polygon))
    .map(({ polygon: { outer, holes } }) => ({
      outer,
      holes: holes.filter((hole) => Math.abs(signedArea(hole)) >= limits.minHoleFraction * maskArea || isLeftOut(hole)),
    }));
}
