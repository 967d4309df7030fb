import { MAX_VERTICES } from '#contract/limits';
import type { Polygon, Vertex } from '#contract/vision/segment-job';
import { limitParts } from '#geometry/limit-vertices';
import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import { pixelPoint } from '#geometry/spaces';
import { splitSeams } from '#geometry/split-seams';

/**
 * The whole outline of an object in fractions 0..1 of the upright photo: for each detached part its rings, the outline
 * first, then the holes.
 */
export type Outline = Vertex[][][];

/**
 * Joins all parts and holes of an outline to one polygon of 3 to 1000 vertices, by seams of no width. The vertices are
 * those of the outline; it is simplified only if there are too many, and only as much as that takes.
 */
export const toOutlinePolygon = (outline: Outline): Polygon => ({
  vertices: seamParts(limitParts(toParts(outline), MAX_VERTICES)).map(({ x, y }) => ({ x, y })),
});

/** Reads the parts and holes of an object back from the one polygon that holds them (`toOutlinePolygon`). */
export const readOutline = ({ vertices }: Polygon): Outline =>
  splitSeams(toRing(vertices)).map(({ outer, holes }) => [outer, ...holes].map(toVertices));

/** The parts of an outline with fractions instead of pixels, for geometry that works in any unit. */
export const toParts = (outline: Outline): MaskPolygon[] =>
  outline.map(([outer = [], ...holes]) => ({ outer: toRing(outer), holes: holes.map(toRing) }));

const toRing = (vertices: readonly Vertex[]): Ring => vertices.map(({ x, y }) => pixelPoint(x, y));
const toVertices = (ring: Ring): Vertex[] => ring.map(({ x, y }) => ({ x, y }));
