import type { Ring } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

/**
 * Removes vertices of a closed line, by Douglas and Peucker's method, such that the two lines stay within `tolerancePx`
 * of each other (Hausdorff distance, both ways). Points on a straight line are removed even at tolerance 0; of a ring
 * thinner than the tolerance two vertices may be left.
 */
export function simplifyRing(ring: Ring, tolerancePx: number): Ring {
  if (ring.length <= 3) return ring;
  // A vertex farthest from another is a corner of the convex hull, never a point within a straight run.
  const first = farthestFrom(ring[0]!, ring);
  const opposite = farthestFrom(ring[first]!, ring);
  const keep = new Uint8Array(ring.length);
  keep[first] = 1;
  keep[opposite] = 1;
  const chains: [from: number, to: number][] = [
    [first, opposite],
    [opposite, first],
  ];
  for (let chain = chains.pop(); chain; chain = chains.pop()) {
    const [from, to] = chain;
    const farthest = farthestFromChord(ring, from, to, tolerancePx);
    if (farthest < 0) continue;
    keep[farthest] = 1;
    chains.push([from, farthest], [farthest, to]);
  }
  return ring.filter((_, index) => keep[index]);
}

/** The vertex between two others, in ring order, farthest from their chord; -1 when all are within the tolerance. */
function farthestFromChord(ring: Ring, from: number, to: number, tolerancePx: number): number {
  let farthest = -1;
  let largest = tolerancePx * tolerancePx;
  for (let index = (from + 1) % ring.length; index !== to; index = (index + 1) % ring.length) {
    const distance = squaredDistanceToSegment(ring[index]!, ring[from]!, ring[to]!);
    if (distance > largest) {
      largest = distance;
      farthest = index;
    }
  }
  return farthest;
}

/**
 * Squared distance from a point to a segment, not to the line through it: only that bounds the distance of a line that
 * doubles back.
 */
export function squaredDistanceToSegment(point: PixelPoint, a: PixelPoint, b: PixelPoint): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(Math.max(along, 0), 1);
  return (a.x + t * dx - point.x) ** 2 + (a.y + t * dy - point.y) ** 2;
}

/** Index of the vertex farthest from a point; from a vertex, this is a corner of the convex hull. */
export function farthestFrom(point: PixelPoint, ring: Ring): number {
  let farthest = 0;
  let largest = 0;
  ring.forEach(({ x, y }, index) => {
    const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
    if (distance > largest) {
      largest = distance;
      farthest = index;
    }
  });
  return farthest;
}
