import type { Vertex } from '#contract/vision/segment-job';
import { signedArea } from './mask-polygon.ts';

/**
 * Rings of a polygon of the contract, in the vertices' own coordinates: outlines run clockwise on a screen, holes
 * against it.
 */
export interface UnseamedPolygon {
  outers: Vertex[][];
  holes: Vertex[][];
}

/** Largest distance by which rounding to millionths can move the end of a seam off the line that it lies on. */
const ROUNDING = 2e-6;

/**
 * Removes the seams of `seamHoles`: the line of a polygon passes the ends of a seam twice, so each time it returns to a
 * vertex it has closed a ring, or walked a seam there and back. The vertex that a seam added to a straight edge is
 * removed too. The result has one outline, unless rounding has made a polygon touch itself.
 */
export function unseamPolygon(vertices: readonly Vertex[]): UnseamedPolygon {
  const rings: Vertex[][] = [];
  const seamEnds = new Set<string>();
  const walked: Vertex[] = [];
  const indexOf = new Map<string, number>();
  const close = (from: number) => {
    const loop = walked.splice(from);
    for (const vertex of loop) indexOf.delete(key(vertex));
    if (loop.length > 2) rings.push(loop);
    else seamEnds.add(key(loop[0]));
  };
  for (const vertex of vertices) {
    const known = indexOf.get(key(vertex));
    if (known !== undefined) close(known);
    indexOf.set(key(vertex), walked.length);
    walked.push(vertex);
  }
  close(0);
  const clean = rings.map((ring) => ring.filter((vertex, i) => !seamEnds.has(key(vertex)) || !isOnEdge(ring, i)));
  return { outers: clean.filter((ring) => signedArea(ring) > 0), holes: clean.filter((ring) => signedArea(ring) < 0) };
}

const key = ({ x, y }: Vertex) => `${x},${y}`;

/** Whether the vertex lies on the straight line between its neighbours. */
function isOnEdge(ring: Vertex[], index: number): boolean {
  const from = ring.at(index - 1) as Vertex;
  const to = ring[(index + 1) % ring.length];
  const { x, y } = ring[index];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const distance = Math.abs((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)) / length;
  return ring.length > 3 && distance <= ROUNDING;
}
