import type { Polygon, Vertex } from '#contract/vision/segment-job';
import { type MaskPolygon, type Ring, ringContains, signedArea } from './mask-polygon.ts';
import { type ImageSize, unitPoint, unitToPixel } from './spaces.ts';
import { unseamPolygon } from './unseam-polygon.ts';

/**
 * Converts polygons of the wire to parts of a mask with real holes, in pixels of the upright image: the inverse of
 * `toWirePolygons`, except for its rounding and its limit of vertices.
 */
export function fromWirePolygons(polygons: readonly Polygon[], image: ImageSize): MaskPolygon[] {
  return polygons.flatMap(({ vertices }) => {
    const { outers, holes } = unseamPolygon(vertices);
    const toRing = (ring: Vertex[]): Ring => ring.map(({ x, y }) => unitToPixel(unitPoint(x, y), image));
    return giveHoles(outers.map(toRing), holes.map(toRing));
  });
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
 * Whether an outline contains most vertices of a hole: where rounding makes rings touch, a single vertex may count
 * either way.
 */
function holdsMost(outer: Ring, hole: Ring): boolean {
  return 2 * hole.filter((point) => ringContains(outer, point)).length > hole.length;
}
