import { isValidPolygon } from './is-valid-polygon.ts';
import { type MaskPolygon, perimeter, type Ring, signedArea } from './mask-polygon.ts';
import { simplifyRing } from './simplify-ring.ts';

/** Tolerances tried before a polygon is left as it is, each half of the last. */
const ATTEMPTS = 4;

/**
 * Simplifies the rings of a part, each by at most `tolerancePx` (Hausdorff distance, both ways) and at most a quarter of its
 * area, so that thin parts stay. Where that would make rings cross or touch, the whole part is simplified less.
 */
export function simplifyPolygon(polygon: MaskPolygon, tolerancePx: number): MaskPolygon {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const simplified = simplifyRings(polygon, (ring) => Math.min(tolerancePx / 2 ** attempt, thinLimit(ring)));
    if (isValidPolygon(simplified)) return simplified;
  }
  return simplifyRings(polygon, () => 0);
}

/** Simplifies every ring to its own tolerance; rings may come to cross, touch, or have fewer than three vertices. */
export function simplifyRings({ outer, holes }: MaskPolygon, tolerancePx: (ring: Ring) => number): MaskPolygon {
  return {
    outer: simplifyRing(outer, tolerancePx(outer)),
    holes: holes.map((hole) => simplifyRing(hole, tolerancePx(hole))),
  };
}

/** A line moved by a distance sweeps at most that distance times its length, so this keeps three quarters of the area. */
const thinLimit = (ring: Ring) => (0.25 * Math.abs(signedArea(ring))) / perimeter(ring);
