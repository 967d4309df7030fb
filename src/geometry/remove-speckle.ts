import { type MaskPolygon, polygonArea, signedArea } from './mask-polygon.ts';

/** What counts as speckle, as fractions of the whole mask's area. */
export interface SpeckleLimits {
  /** Detached parts smaller than this are dropped, but never the largest. */
  minPartFraction: number;
  /** Holes smaller than this are filled. */
  minHoleFraction: number;
}

/**
 * Drops the specks and pinholes that a decoder leaves in its masks: about ten parts and seven holes each, of which one
 * mask in eight has a second part, and one in ten a hole, that belongs to the object. Largest part first.
 */
export function removeSpeckle(polygons: readonly MaskPolygon[], limits: SpeckleLimits): MaskPolygon[] {
  const parts = polygons.map((polygon) => ({ polygon, area: polygonArea(polygon) })).sort((a, b) => b.area - a.area);
  const maskArea = parts.reduce((sum, { area }) => sum + area, 0);
  return parts
    .filter(({ area }, rank) => rank === 0 || area >= limits.minPartFraction * maskArea)
    .map(({ polygon: { outer, holes } }) => ({
      outer,
      holes: holes.filter((hole) => Math.abs(signedArea(hole)) >= limits.minHoleFraction * maskArea),
    }));
}
