import type { Ring } from './mask-polygon.ts';
import { farthestFrom } from './simplify-ring.ts';

/**
 * Chooses, among the vertices of a closed line, those that describe it best within `tolerancePx` (Hausdorff distance,
 * both ways): the choice with the least sum of `vertexPrice` for each vertex and of the squared distances between the
 * two lines, integrated along the given one (cubic pixels). Of a ring thinner than the tolerance two vertices may be
 * left.
 *
 * Dynamic programming over the vertices in order, as Perez and Vidal, "Optimum polygonal approximation of digitized
 * curves", 1994. It begins at a corner of the convex hull, which stays. From each vertex on, it keeps the wedge of
 * directions that pass near all vertices so far, and stops when it is empty (Imai and Iri, "Polygonal approximations of
 * a curve", 1988).
 */
export function fitRing(ring: Ring, tolerancePx: number, vertexPrice: number): Ring {
  if (ring.length <= 3) return ring;
  const start = farthestFrom(ring[0]!, ring);
  const line = openAt(ring, start);
  const last = ring.length;
  const squaresBetween = integrateSquares(line);
  const costs = new Float64Array(last + 1).fill(Number.POSITIVE_INFINITY, 1);
  const previous = new Int32Array(last + 1);
  const { xs, ys } = line;
  for (let from = 0; from < last; from++) {
    let hasWedge = false;
    let leftX = 0;
    let leftY = 0;
    let rightX = 0;
    let rightY = 0;
    // A single edge around the whole ring would have no length.
    const end = from === 0 ? last - 1 : last;
    for (let to = from + 1; to <= end; to++) {
      const dx = xs[to]! - xs[from]!;
      const dy = ys[to]! - ys[from]!;
      if (!hasWedge || (rightX * dy >= rightY * dx && dx * leftY >= dy * leftX)) {
        const cost = costs[from]! + vertexPrice + squaresBetween(from, to);
        if (cost < costs[to]! && isNearChord(line, from, to, tolerancePx)) {
          costs[to] = cost;
          previous[to] = from;
        }
      }
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance <= tolerancePx) continue;
      const sine = tolerancePx / distance;
      const cosine = Math.sqrt(1 - sine * sine);
      const newLeftX = dx * cosine - dy * sine;
      const newLeftY = dx * sine + dy * cosine;
      if (!hasWedge || leftX * newLeftY < leftY * newLeftX) {
        leftX = newLeftX;
        leftY = newLeftY;
      }
      const newRightX = dx * cosine + dy * sine;
      const newRightY = dy * cosine - dx * sine;
      if (!hasWedge || rightX * newRightY > rightY * newRightX) {
        rightX = newRightX;
        rightY = newRightY;
      }
      hasWedge = true;
      if (rightX * leftY < rightY * leftX) break;
    }
  }
  const keep = new Uint8Array(last);
  for (let index = last; index > 0; index = previous[index]!) keep[(start + index) % last] = 1;
  return ring.filter((_, index) => keep[index]);
}

/** A ring from one vertex around to the same vertex, relative to it. */
interface Line {
  xs: Float64Array;
  ys: Float64Array;
}

function openAt(ring: Ring, start: number): Line {
  const xs = new Float64Array(ring.length + 1);
  const ys = new Float64Array(ring.length + 1);
  for (let index = 0; index < ring.length; index++) {
    const { x, y } = ring[(start + index) % ring.length]!;
    xs[index] = x - ring[start]!.x;
    ys[index] = y - ring[start]!.y;
  }
  return { xs, ys };
}

/** Whether all vertices between two are within the tolerance of the segment that joins these. */
function isNearChord({ xs, ys }: Line, from: number, to: number, tolerancePx: number): boolean {
  const dx = xs[to]! - xs[from]!;
  const dy = ys[to]! - ys[from]!;
  const squaredLength = dx * dx + dy * dy || 1;
  for (let index = from + 1; index < to; index++) {
    const x = xs[index]! - xs[from]!;
    const y = ys[index]! - ys[from]!;
    const along = Math.min(Math.max((x * dx + y * dy) / squaredLength, 0), 1);
    if ((x - along * dx) ** 2 + (y - along * dy) ** 2 > tolerancePx * tolerancePx) return false;
  }
  return true;
}

/**
 * Returns the integral of the squared distance of the line between two of its vertices to the straight line through
 * both, in constant time: from the moments of all edges up to each vertex.
 */
function integrateSquares({ xs, ys }: Line): (from: number, to: number) => number {
  const sums = () => new Float64Array(xs.length);
  const [length, x, y, xx, xy, yy] = [sums(), sums(), sums(), sums(), sums(), sums()] as const;
  for (let index = 1; index < xs.length; index++) {
    const ax = xs[index - 1]!;
    const ay = ys[index - 1]!;
    const bx = xs[index]!;
    const by = ys[index]!;
    const edge = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2);
    length[index] = length[index - 1]! + edge;
    x[index] = x[index - 1]! + (edge * (ax + bx)) / 2;
    y[index] = y[index - 1]! + (edge * (ay + by)) / 2;
    xx[index] = xx[index - 1]! + (edge * (ax * ax + ax * bx + bx * bx)) / 3;
    yy[index] = yy[index - 1]! + (edge * (ay * ay + ay * by + by * by)) / 3;
    xy[index] = xy[index - 1]! + (edge * (2 * ax * ay + ax * by + bx * ay + 2 * bx * by)) / 6;
  }
  return (from, to) => {
    const dx = xs[to]! - xs[from]!;
    const dy = ys[to]! - ys[from]!;
    const offset = dx * ys[from]! - dy * xs[from]!;
    const squares =
      dy * dy * (xx[to]! - xx[from]!) -
      2 * dx * dy * (xy[to]! - xy[from]!) +
      dx * dx * (yy[to]! - yy[from]!) -
      2 * offset * (dx * (y[to]! - y[from]!) - dy * (x[to]! - x[from]!)) +
      offset * offset * (length[to]! - length[from]!);
    return Math.max(0, squares / (dx * dx + dy * dy || 1));
  };
}
