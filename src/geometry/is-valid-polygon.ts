import { type MaskPolygon, ringContains } from './mask-polygon.ts';
import { ringsIntersect } from './rings-intersect.ts';

/**
 * Whether a part is a valid `MaskPolygon`: rings of at least three vertices that neither cross nor touch, every hole
 * inside the outline and outside the other holes (as OGC Simple Features defines a valid polygon, but without touching
 * rings).
 */
export function isValidPolygon({ outer, holes }: MaskPolygon): boolean {
  const rings = [outer, ...holes];
  if (rings.some((ring) => ring.length < 3) || ringsIntersect(rings)) return false;
  return holes.every((hole) => {
    const [vertex] = hole;
    if (vertex === undefined || !ringContains(outer, vertex)) return false;
    return holes.every((other) => other === hole || !ringContains(other, vertex));
  });
}
