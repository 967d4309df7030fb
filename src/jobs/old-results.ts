import { defined } from '#contract/defined';
import type { Polygon, Segment, Vertex } from '#contract/vision/segment-job';
import { type MaskPolygon, type Ring, ringContains, signedArea } from '#geometry/mask-polygon';
import type { ScoredMask } from '#geometry/segmented-image';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';

/**
 * The result of a job that was Completed before rings were kept: polygons as the API answers them, holes cut in by
 * seams.
 */
export interface OldResult {
  polygons: Segment[];
}

/**
 * Converts an old result to rings with real holes, in pixels of the upright photo of the given size, which the row does
 * not hold. This is the only code that removes seams from polygons.
 */
export const toRings = ({ polygons: segments }: OldResult, size: ImageSize): ScoredMask[] =>
  segments.map(({ score, polygons }) => ({ score, parts: polygons.flatMap((polygon) => unseam(polygon, size)) }));

/** The inverse of `toWirePolygons`, except for its rounding and its limit of vertices. */
function unseam({ vertices }: Polygon, size: ImageSize): MaskPolygon[] {
  const toRing = (ring: Vertex[]): Ring => ring.map(({ x, y }) => unitToPixel(unitPoint(x, y), size));
  const rings = splitAtSeams(vertices);
  return giveHoles(
    rings.filter((ring) => signedArea(ring) > 0).map(toRing),
    rings.filter((ring) => signedArea(ring) < 0).map(toRing),
  );
}

/** How far rounding to millionths can have moved the end of a seam off its line, at most. */
const ROUNDING = 2e-6;

/**
 * Splits a polygon into rings, outlines clockwise on a screen and holes against it. The line passes the ends of a seam
 * twice: each return to the same vertex closes a ring, or ends a seam walked there and back. The vertex that a seam
 * added to a straight edge is removed. There is one outline, unless rounding has made a polygon touch itself.
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
  const from = defined(ring.at(index - 1), 'vertex before');
  const to = defined(ring[(index + 1) % ring.length], 'next vertex');
  const { x, y } = defined(ring[index], 'vertex');
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const distance = Math.abs((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)) / length;
  return ring.length > 3 && distance <= ROUNDING;
}

/** Assigns each hole to the smallest outline that contains it. */
function giveHoles(outers: Ring[], holes: Ring[]): MaskPolygon[] {
  const smallestFirst = outers.toSorted((a, b) => signedArea(a) - signedArea(b));
  const parts = smallestFirst.map((outer): MaskPolygon => ({ outer, holes: [] }));
  for (const hole of holes) {
    const holder = parts.find(({ outer }) => holdsMost(outer, hole)) ?? parts.at(-1);
    holder?.holes.push(hole);
  }
  return parts.reverse();
}

/**
 * Whether the outline contains most of the hole's vertices: where rounding makes rings touch, a single one may count
 * either way.
 */
function holdsMost(outer: Ring, hole: Ring): boolean {
  return 2 * hole.filter((point) => ringContains(outer, point)).length > hole.length;
}
