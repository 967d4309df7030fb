import type { Ring } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

interface Segment {
  from: PixelPoint;
  to: PixelPoint;
  left: number;
  right: number;
}

/**
 * Whether any two edges of the rings, of one ring or of two, cross or touch other than at the vertex they share.
 * Edges are compared only with those that overlap them in x, which is near linear for outlines of masks.
 */
export function ringsIntersect(rings: readonly Ring[]): boolean {
  const segments = rings.flatMap(toSegments).sort((a, b) => a.left - b.left);
  for (const [i, one] of segments.entries()) {
    for (let j = i + 1, other = segments[j]; other && other.left <= one.right; other = segments[++j]) {
      if (segmentsIntersect(one, other)) return true;
    }
  }
  return false;
}

/**
 * Finds a place where two edges of the rings, of one ring or of two, cross. Edges that only touch do not cross, nor do
 * those that lie on one line.
 */
export function findCrossing(rings: readonly Ring[]): PixelPoint | undefined {
  const segments = rings.flatMap(toSegments).sort((a, b) => a.left - b.left);
  for (const [i, one] of segments.entries()) {
    for (let j = i + 1, other = segments[j]; other && other.left <= one.right; other = segments[++j]) {
      if (segmentsCross(one, other)) return other.from;
    }
  }
  return undefined;
}

function segmentsCross(a: Segment, b: Segment): boolean {
  if (Math.max(a.from.y, a.to.y) < Math.min(b.from.y, b.to.y)) return false;
  if (Math.max(b.from.y, b.to.y) < Math.min(a.from.y, a.to.y)) return false;
  return (
    turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) < 0 &&
    turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) < 0
  );
}

function toSegments(ring: Ring): Segment[] {
  let last = ring.at(-1);
  return ring.map((to) => {
    const from = last ?? to;
    last = to;
    return { from, to, left: Math.min(from.x, to.x), right: Math.max(from.x, to.x) };
  });
}

function segmentsIntersect(a: Segment, b: Segment): boolean {
  // Neighbours in a ring share a vertex object; they overlap only when one doubles back on the other.
  if (a.to === b.from) return doublesBack(a, b);
  if (b.to === a.from) return doublesBack(b, a);
  if (Math.max(a.from.y, a.to.y) < Math.min(b.from.y, b.to.y)) return false;
  if (Math.max(b.from.y, b.to.y) < Math.min(a.from.y, a.to.y)) return false;
  return (
    turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) <= 0 &&
    turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) <= 0
  );
}

function doublesBack(first: Segment, second: Segment): boolean {
  const { from, to: middle } = first;
  const { to } = second;
  const along = (middle.x - from.x) * (to.x - middle.x) + (middle.y - from.y) * (to.y - middle.y);
  return along < 0 && turn(from, middle, to) === 0;
}

/** Above 0 if the path over the three points turns clockwise on a screen, 0 if they lie on one line. */
function turn(a: PixelPoint, b: PixelPoint, c: PixelPoint): number {
  return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}
