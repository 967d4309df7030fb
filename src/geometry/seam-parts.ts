import { defined } from '#contract/defined';
import { type MaskPolygon, type Ring, signedArea } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

/** Vertices that a seam adds to those of the rings it joins: both of its ends are passed twice. */
export const SEAM_VERTICES = 2;

/**
 * Joins all rings of parts with holes into one: each ring is connected by a seam of no width, from its leftmost vertex
 * to a vertex further to the left that can be seen from there. Seams cross neither rings nor each other, and holes run
 * against outlines, so that even-odd and non-zero filling agree. `splitSeams` gives the rings back, vertex by vertex.
 */
export function seamParts(parts: readonly MaskPolygon[]): Ring {
  const rings = parts
    .flatMap(({ outer, holes }) => [turned(outer, 1), ...holes.map((hole) => turned(hole, -1))])
    .filter(({ length }) => length > 0)
    .map((ring) => ({ ring, fromLeft: startLeftmost(ring) }))
    // From left to right, so that whatever a seam can end at is already joined.
    .sort(({ fromLeft: [one] }, { fromLeft: [other] }) => compareLeft(one, other));
  const [first, ...others] = rings;
  const scene = toScene(rings.map(({ ring }) => ring));
  let joined = first?.ring ?? [];
  for (const { fromLeft: ring } of others) {
    const [leftmost] = ring;
    const end = joined.findIndex((point) => isSame(point, leftmost));
    const index = end < 0 ? joined.indexOf(findSeamEnd(leftmost, scene)) : end;
    const target = defined(joined[index], 'vertex at the end of the seam');
    if (end < 0) scene.edges.push({ from: leftmost, to: target });
    const way = end < 0 ? [...ring, leftmost, target] : [...ring.slice(1), target];
    joined = [...joined.slice(0, index + 1), ...way, ...joined.slice(index + 1)];
  }
  return joined;
}

/** A ring from its leftmost vertex on. */
type RingFromLeft = readonly [leftmost: PixelPoint, ...rest: PixelPoint[]];

interface Edge {
  from: PixelPoint;
  to: PixelPoint;
}

/** Everything that may be in the way of a seam. */
interface Scene {
  vertices: PixelPoint[];
  edges: Edge[];
}

function toScene(rings: readonly Ring[]): Scene {
  return {
    vertices: rings.flat(),
    edges: rings.flatMap((ring) => ring.map((to, index) => ({ from: ring.at(index - 1) ?? to, to }))),
  };
}

/**
 * Finds a vertex left of `start` that nothing hides from it. The ray from `start` to the left ends at the nearest edge;
 * of the vertices between the ray, that edge and its left end, the one at the smallest angle to the ray is seen. If the
 * ray meets nothing, that holds for all vertices to the left (after Eberly, "Triangulation by Ear Clipping").
 */
function findSeamEnd(start: PixelPoint, { vertices, edges }: Scene): PixelPoint {
  const nearest = { x: Number.NEGATIVE_INFINITY, edge: undefined as Edge | undefined };
  for (const edge of edges) {
    const { from, to } = edge;
    if (Math.min(from.y, to.y) >= start.y || Math.max(from.y, to.y) <= start.y) continue;
    const x = from.x + ((start.y - from.y) / (to.y - from.y)) * (to.x - from.x);
    if (x < start.x && x > nearest.x) Object.assign(nearest, { x, edge });
  }
  const { edge } = nearest;
  const corner = edge && (compareLeft(edge.from, edge.to) < 0 ? edge.from : edge.to);
  let seen = corner;
  for (const vertex of vertices) {
    if (compareLeft(vertex, start) >= 0) continue;
    if (vertex.y === start.y ? vertex.x < nearest.x : edge && corner && !isBefore(edge, corner, start, vertex)) {
      continue;
    }
    if (seen === undefined || isNearerToRay(start, vertex, seen)) seen = vertex;
  }
  return defined(seen, 'vertex further to the left');
}

/** Whether a vertex is on the same side of the ray as the corner, and on the same side of the edge as the start. */
function isBefore({ from, to }: Edge, corner: PixelPoint, start: PixelPoint, vertex: PixelPoint): boolean {
  if (vertex.y > start.y !== corner.y > start.y) return false;
  return turn(from, to, vertex) * turn(from, to, start) >= 0;
}

function isNearerToRay(start: PixelPoint, one: PixelPoint, other: PixelPoint): boolean {
  const [oneAcross, otherAcross] = [Math.abs(one.y - start.y), Math.abs(other.y - start.y)];
  const [oneAlong, otherAlong] = [start.x - one.x, start.x - other.x];
  const difference = oneAcross * otherAlong - otherAcross * oneAlong;
  return difference < 0 || (difference === 0 && oneAcross + oneAlong < otherAcross + otherAlong);
}

/** Above 0 if the path over the three points turns clockwise on a screen, 0 if they lie on one line. */
const turn = (a: PixelPoint, b: PixelPoint, c: PixelPoint): number =>
  (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);

/** Order from left to right, and from top to bottom where neither is further left. */
const compareLeft = (one: PixelPoint, other: PixelPoint): number => one.x - other.x || one.y - other.y;

const isSame = (one: PixelPoint, other: PixelPoint): boolean => one.x === other.x && one.y === other.y;

/** Orients a ring so that its area has the given sign: 1 runs clockwise on a screen. */
function turned(ring: Ring, sign: 1 | -1): Ring {
  return signedArea(ring) * sign < 0 ? ring.toReversed() : ring;
}

function startLeftmost(ring: Ring): RingFromLeft {
  const leftmost = ring.reduce((best, point) => (compareLeft(point, best) < 0 ? point : best));
  const index = ring.indexOf(leftmost);
  return [leftmost, ...ring.slice(index + 1), ...ring.slice(0, index)];
}
