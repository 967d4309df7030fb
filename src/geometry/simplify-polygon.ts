import { fitRing } from './fit-ring.ts';
import { isValidPolygon } from './is-valid-polygon.ts';
import { type MaskPolygon, perimeter, polygonArea, polygonContains, type Ring, signedArea } from './mask-polygon.ts';
import { simplifyRing } from './simplify-ring.ts';
import type { PixelPoint } from './spaces.ts';

/** Limits of the simplification of a part. */
export interface SimplifyLimits {
  /** Largest distance between a ring and its simplification (Hausdorff distance, both ways). */
  tolerancePx: number;
  /** Least gain for which a vertex is kept: squared distance to the ring, times length (fit-ring.ts). */
  vertexPrice: number;
  /** Points that stay on the same side of the outline, in or out. Default: none. */
  fixedPoints?: readonly PixelPoint[];
}

/** Number of tolerances to try before a polygon is left as it is, each half of the previous one. */
const ATTEMPTS = 4;

/** Largest area between a part and its simplification, and between a hole and its own, as a fraction of theirs. */
export const MAX_AREA_CHANGE = 0.08;

/**
 * Share of the tolerance that is used to thin a ring before its vertices are chosen, which saves much time for few
 * additional vertices (docs/decisions/0027-simplify-polygons.md).
 */
const THINNING_SHARE = 1 / 32;

/**
 * Simplifies the rings of a part; less so if the part or a hole is so thin or small that it would lose more than
 * `MAX_AREA_CHANGE`. If rings would cross or touch, or a fixed point would change sides, all rings of the part are
 * simplified less.
 */
export function simplifyPolygon(polygon: MaskPolygon, limits: SimplifyLimits): MaskPolygon {
  const { tolerancePx, vertexPrice, fixedPoints = [] } = limits;
  const outlines = [polygon.outer, ...polygon.holes].reduce((length, ring) => length + perimeter(ring), 0);
  const largest = Math.min(tolerancePx, thinLimit(polygonArea(polygon), outlines));
  const limitOf = (ring: Ring) => Math.min(largest, thinLimit(Math.abs(signedArea(ring)), perimeter(ring)));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const simplified = mapRings(polygon, (ring) => thinAndFit(ring, limitOf(ring) / 2 ** attempt, vertexPrice));
    const keepsPoints = fixedPoints.every(
      (point) => polygonContains(simplified, point) === polygonContains(polygon, point),
    );
    if (keepsPoints && isValidPolygon(simplified)) return simplified;
  }
  return simplifyRings(polygon, () => 0);
}

function thinAndFit(ring: Ring, tolerancePx: number, vertexPrice: number): Ring {
  const thinningPx = THINNING_SHARE * tolerancePx;
  return fitRing(simplifyRing(ring, thinningPx), tolerancePx - thinningPx, vertexPrice);
}

/** Simplifies every ring to its own tolerance; rings may come to cross, touch, or have fewer than three vertices. */
export const simplifyRings = (polygon: MaskPolygon, tolerancePx: (ring: Ring) => number): MaskPolygon =>
  mapRings(polygon, (ring) => simplifyRing(ring, tolerancePx(ring)));

const mapRings = ({ outer, holes }: MaskPolygon, change: (ring: Ring) => Ring): MaskPolygon => ({
  outer: change(outer),
  holes: holes.map(change),
});

/** A line that moves by a distance sweeps at most that distance times its length. */
const thinLimit = (area: number, length: number) => (MAX_AREA_CHANGE * area) / length;
