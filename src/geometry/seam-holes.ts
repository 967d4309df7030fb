import { defined } from '#contract/defined';
import { type MaskPolygon, type Ring, signedArea } from './mask-polygon.ts';
import { type PixelPoint, pixelPoint } from './spaces.ts';

/** Vertices that a seam adds to those of the rings it joins: both of its ends are passed twice, and one end is new. */
export const SEAM_VERTICES = 3;

/**
 * Joins the rings of a part with holes into one: each hole is connected to the outline by a seam of no width, which
 * runs from the hole's leftmost vertex straight to the left until it meets the outline or another hole. Seams cross no
 * ring and holes run against the outline, so that even-odd and non-zero filling agree.
 */
export function seamHoles({ outer, holes }: MaskPolygon): Ring {
  // From left to right, whatever a seam can meet is already part of the ring.
  const holesFromLeft = holes
    .map((hole) => startLeftmost(turned(hole, -1)))
    .sort(([first], [second]) => first.x - second.x);
  return holesFromLeft.reduce<Ring>(cutIn, turned(outer, 1));
}

/** A ring from its leftmost vertex on. */
type RingFromLeft = readonly [leftmost: PixelPoint, ...rest: PixelPoint[]];

function cutIn(ring: Ring, hole: RingFromLeft): Ring {
  const [leftmost] = hole;
  const { edge, end } = meetLeftOf(leftmost, ring);
  return [...ring.slice(0, edge + 1), end, ...hole, leftmost, end, ...ring.slice(edge + 1)];
}

/**
 * The nearest point of the ring straight left of `start`, and the vertex before it; if there is none, the first vertex.
 */
function meetLeftOf(start: PixelPoint, ring: Ring): { edge: number; end: PixelPoint } {
  let nearest = { edge: 0, end: defined(ring[0], 'vertex of the ring') };
  let nearestX = Number.NEGATIVE_INFINITY;
  for (const [edge, from] of ring.entries()) {
    const to = defined(ring[(edge + 1) % ring.length], 'vertex of the ring');
    if (from.y === to.y || Math.min(from.y, to.y) > start.y || Math.max(from.y, to.y) < start.y) continue;
    const x = from.x + ((start.y - from.y) / (to.y - from.y)) * (to.x - from.x);
    if (x > nearestX && x < start.x) {
      nearestX = x;
      nearest = { edge, end: pixelPoint(x, start.y) };
    }
  }
  return nearest;
}

/** Orients a ring so that its area has the given sign: 1 runs clockwise on a screen. */
function turned(ring: Ring, sign: 1 | -1): Ring {
  return signedArea(ring) * sign < 0 ? ring.toReversed() : ring;
}

function startLeftmost(ring: Ring): RingFromLeft {
  const leftmost = ring.reduce((best, point) => (point.x < best.x ? point : best));
  const index = ring.indexOf(leftmost);
  return [leftmost, ...ring.slice(index + 1), ...ring.slice(0, index)];
}
