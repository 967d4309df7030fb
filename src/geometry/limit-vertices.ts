import { defined } from '#contract/defined';
import { isValidPolygon } from './is-valid-polygon.ts';
import { type MaskPolygon, perimeter, signedArea } from './mask-polygon.ts';
import { SEAM_VERTICES } from './seam-holes.ts';
import { simplifyRings } from './simplify-polygon.ts';

/** Tolerances to try, as fractions of the outline's length, each half as large again as the previous one. */
const TOLERANCE_FRACTIONS = Array.from({ length: 24 }, (_, step) => 1.5 ** step / 1e5);

/**
 * Reduces a part to at most `maxVertices` vertices once its holes are seamed in: unchanged if it fits, otherwise
 * simplified with the smallest tolerance that makes it fit and keeps its rings apart. Holes are removed, the smaller
 * half at a time, only if no tolerance does.
 */
export function limitVertices(polygon: MaskPolygon, maxVertices: number): MaskPolygon {
  if (seamedVertices(polygon) <= maxVertices) return polygon;
  const { outer } = polygon;
  const holes = polygon.holes.toSorted((a, b) => Math.abs(signedArea(b)) - Math.abs(signedArea(a)));
  for (let count = holes.length; ; count = Math.floor(count / 2)) {
    const fitting = simplifications({ outer, holes: holes.slice(0, count) }).filter(
      (simplified) => seamedVertices(simplified) <= maxVertices,
    );
    const valid = fitting.find(isValidPolygon);
    if (valid) return valid;
    if (count === 0) return defined(fitting[0], 'simplification of a ring to so few vertices');
  }
}

function simplifications(polygon: MaskPolygon): MaskPolygon[] {
  const length = perimeter(polygon.outer);
  return TOLERANCE_FRACTIONS.map((fraction) => simplifyRings(polygon, () => fraction * length));
}

const seamedVertices = ({ outer, holes }: MaskPolygon) =>
  holes.reduce((count, hole) => count + hole.length + SEAM_VERTICES, outer.length);
