import { isValidPolygon } from './is-valid-polygon.ts';
import { type MaskPolygon, perimeter, polygonArea, type Ring, signedArea } from './mask-polygon.ts';
import { simplifyRing } from './simplify-ring.ts';

/** Tolerances tried before a polygon is left as it is, each half of the last. */
const ATTEMPTS = 4;

/** Largest area between a part and its simplification, and between a hole and its own, as a fraction of theirs. */
export const MAX_AREA_CHANGE = 0.08;

/**
 * Simplifies the rings of a part, each by at most `tolerancePx` (Hausdorff distance, both ways), and less where the
 * part or a hole is so thin or small that it would lose more than `MAX_AREA_CHANGE`. Where rings would come to cross or
 * touch, all rings of the part are simplified less.
 */
export function simplifyPolygon(polygon: MaskPolygon, tolerancePx: number): MaskPolygon {
  const outlines = [polygon.outer, ...polygon.holes].reduce((length, ring) => length + perimeter(ring), 0);
  const largest = Math.min(tolerancePx, thinLimit(polygonArea(polygon), outlines));
  const limitOf = (ring: Ring) => Math.min(largest, thinLimit(Math.abs(signedArea(ring)), perimeter(ring)));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const simplified = simplifyRings(polygon, (ring) => limitOf(ring) / 2 ** attempt);
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

/** A line that moves by a distance sweeps at most that distance times its length. */
const thinLimit = (area: number, length: number) => (MAX_AREA_CHANGE * area) / length;
