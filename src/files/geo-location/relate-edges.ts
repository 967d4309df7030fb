import type { Position } from './check-geometry.ts';
import type { Edge } from './plane-shape.ts';

/** Part of an edge, as a fraction of it, below which two cuts are one that rounding has moved. */
const LEAST_PIECE = 1e-12;

/** Positive if `c` is left of the line from `a` to `b`, negative right of it, 0 on it. */
function orientation(a: Position, b: Position, c: Position): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Whether the boxes around two edges have a point in common; cheap, and false for nearly all pairs. */
export function boxesMeet([a, b]: Edge, [c, d]: Edge): boolean {
  return (
    Math.max(a[0], b[0]) >= Math.min(c[0], d[0]) &&
    Math.max(c[0], d[0]) >= Math.min(a[0], b[0]) &&
    Math.max(a[1], b[1]) >= Math.min(c[1], d[1]) &&
    Math.max(c[1], d[1]) >= Math.min(a[1], b[1])
  );
}

/** Whether two edges have a point in common, ends included. */
export function edgesMeet(one: Edge, other: Edge): boolean {
  if (!boxesMeet(one, other)) return false;
  const [a, b] = one;
  const [c, d] = other;
  return (
    Math.sign(orientation(a, b, c)) * Math.sign(orientation(a, b, d)) <= 0 &&
    Math.sign(orientation(c, d, a)) * Math.sign(orientation(c, d, b)) <= 0
  );
}

/** Whether a position lies on an edge, ends included. */
export const isOnEdge = (position: Position, edge: Edge): boolean =>
  boxesMeet([position, position], edge) && orientation(edge[0], edge[1], position) === 0;

/** Whether a position lies inside rings, holes left out; true or false for one on a ring. */
export function isInside([x, y]: Position, edges: readonly Edge[]): boolean {
  let inside = false;
  for (const [a, b] of edges) {
    if (a[1] > y === b[1] > y) continue;
    const left = orientation(a, b, [x, y]) > 0;
    if (left === b[1] > a[1]) inside = !inside;
  }
  return inside;
}

/** What lies between two neighbouring cuts of an edge. */
export interface Piece {
  middle: Position;
  /** Whether it runs along one of the edges that cut it. */
  isAlong: boolean;
}

/** Cuts an edge wherever one of the others crosses, touches or leaves it. */
export function cutEdge(edge: Edge, others: readonly Edge[]): Piece[] {
  const [from, to] = edge;
  const cuts = [0, 1];
  const along: [start: number, end: number][] = [];
  for (const other of others) {
    if (!edgesMeet(edge, other)) continue;
    const sides = other.map((end) => orientation(from, to, end));
    if (sides[0] === 0 && sides[1] === 0) {
      const [start, end] = other.map((position) => fractionOf(edge, position)).sort((a, b) => a - b);
      along.push([start!, end!]);
      cuts.push(start!, end!);
    } else {
      const before = orientation(other[0], other[1], from);
      cuts.push(before / (before - orientation(other[0], other[1], to)));
    }
  }
  const sorted = cuts.filter((cut) => cut >= 0 && cut <= 1).sort((a, b) => a - b);
  return sorted.slice(1).flatMap((end, index) => {
    const start = sorted[index]!;
    if (end - start < LEAST_PIECE) return [];
    const middle = (start + end) / 2;
    return {
      middle: [from[0] + middle * (to[0] - from[0]), from[1] + middle * (to[1] - from[1])],
      isAlong: along.some(([first, last]) => middle > first && middle < last),
    };
  });
}

/** Where a position that is on the line of an edge lies: 0 at its first end, 1 at the other. */
function fractionOf([from, to]: Edge, position: Position): number {
  const axis = Math.abs(to[0] - from[0]) >= Math.abs(to[1] - from[1]) ? 0 : 1;
  return (position[axis] - from[axis]) / (to[axis] - from[axis]);
}
