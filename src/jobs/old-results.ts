import { defined } from '#contract/defined';
import type { Polygon, Segment, Vertex } from '#contract/vision/segment-job';
import { type MaskPolygon, type Ring, ringContains, signedArea } from '#geometry/mask-polygon';
import type { ScoredMask } from '#geometry/segmented-image';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';

/** What a job found that was Completed before rings were kept: polygons as the API answers them, holes cut in by seams. */
export interface OldResult {
  polygons: Segment[];
}

/**
 * Segments of an old result as rings with real holes, in pixels of the upright photo, whose size the row does not know.
 * Nothing else takes seams out of polygons.
 */
export const toRings = ({ polygons: segments }: OldResult, size: ImageSize): ScoredMask[] =>
  segments.map(({ score, polygons }) => ({ score, parts: polygons.flatMap((polygon) => unseam(polygon, size)) }));

/** The inverse of `toWirePolygons`, but for its rounding and its limit of vertices. */
function unseam({ vertices }: Polygon, size: ImageSize): MaskPolygon[] {
  const toRing = (ring: Vertex[]): Ring => ring.map(({ x, y }) => unitToPixel(unitPoint(x, y), size));
  const rings = splitAtSeams(vertices);
  return giveHoles(
    rings.filter((ring) => signedArea(ring) > 0).map(toRing),
    rings.filter((ring) => signedArea(ring) < 0).map(toRing),
  );
}

/** Farthest that rounding to millionths can have moved the end of a seam off the line that it was put on. */
const ROUNDING = 2e-6;

/**
 * Rings of a polygon, outlines clockwise on a screen and holes against it. The line of a polygon passes the ends of a seam twice,
 * so that each time it comes back to the very same vertex it has closed a ring, or walked a seam there and back. The end that a
 * seam added to a straight edge goes with it. One outline, unless rounding has made a polygon touch itself.
 */
function splitAtSeams(vertices: readonly Vertex[]): Vertex[][] {
  const rings: Vertex[][] = [];
  const seamEnds = new Set<string>();
  const walked: Vertex[] = [];
  const indexOf = new Map<string, number>();
  const close = (from: number) => {
    const loop = walked.splice(from);
    for (const vertex of loop) indexOf.delete(key(vertex));
    const [first] = loop;
    if (loop.length > 2) rings.push(loop);
    else if (first !== undefined) seamEnds.add(key(first));
  };
  for (const vertex of vertices) {
    const known = indexOf.get(key(vertex));
    if (known !== undefined) close(known);
    indexOf.set(key(vertex), walked.length);
    walked.push(vertex);
  }
  close(0);
  return rings.map((ring) => ring.filter((vertex, i) => !seamEnds.has(key(vertex)) || !isOnEdge(ring, i)));
}

const key = ({ x, y }: Vertex) => `${x},${y}`;

/** Whether the vertex lies on the straight line between its neighbours. */
function isOnEdge(ring: Vertex[], index: number): boolean {
  const from = ring.at(index - 1)!;
  const to = defined(ring[(index + 1) % ring.length], 'next vertex');
  const { x, y } = defined(ring[index], 'vertex');
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const distance = Math.abs((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)) / length;
  return ring.length > 3 && distance <= ROUNDING;
}

/** Gives each hole to the smallest outline that holds it. */
function giveHoles(outers: Ring[], holes: Ring[]): MaskPolygon[] {
  const smallestFirst = outers.toSorted((a, b) => signedArea(a) - signedArea(b));
  const parts = smallestFirst.map((outer): MaskPolygon => ({ outer, holes: [] }));
  for (const hole of holes) {
    const holder = parts.find(({ outer }) => holdsMost(outer, hole)) ?? parts.at(-1);
    holder?.holes.push(hole);
  }
  return parts.reverse();
}

/** Most of its vertices: where rounding makes rings touch, one alone may count either way. */
function holdsMost(outer: Ring, hole: Ring): boolean {
  return 2 * hole.filter((point) => ringContains(outer, point)).length > hole.length;
}
