import { type MaskPolygon, polygonArea, polygonContains, ringContains, signedArea } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

/** What counts as speckle, as fractions of the whole mask's area. */
export interface SpeckleLimits {
  /** Detached parts smaller than this are dropped, but never the largest. */
  minPartFraction: number;
  /** Holes smaller than this are filled. */
  minHoleFraction: number;
}

/** A point of a prompt: what holds it is meant, or is not. */
export interface MarkedPoint {
  at: PixelPoint;
  isForeground: boolean;
}

/**
 * Drops the specks and pinholes that a decoder leaves in its masks: about ten parts and seven holes each, of which one
 * mask in eight has a second part, and one in ten a hole, that belongs to the object. Largest part first.
 * However small, a part stays that holds a foreground point, and a hole that holds a background point.
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
