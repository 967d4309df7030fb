import { MAX_VERTICES } from '#contract/limits';
import type { Polygon, Vertex } from '#contract/vision/segment-job';
import { limitVertices } from '#geometry/limit-vertices';
import { type MaskPolygon, type Ring, signedArea } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import { type ImageSize, pixelToUnit } from '#geometry/spaces';

/** Coordinates are rounded to millionths of the image: by 0.005 pixels at most in an image 10,000 pixels wide. */
const STEPS = 1e6;

/**
 * Converts parts of a mask to polygons of the API: unit coordinates, 3 to 1000 vertices, the holes of a part cut into
 * its outline by seams of no width. A part too small to keep an area after rounding is left out.
 */
export const toWirePolygons = (parts: readonly MaskPolygon[], image: ImageSize): Polygon[] =>
  toWireOutlines(parts, image).map(({ polygon }) => polygon);

/** A detached part of a mask in unit coordinates: as a polygon of the API, and as the rings that this is made of. */
export interface WireOutline {
  polygon: Polygon;
  /** The outline, then the holes, which no seam joins. */
  rings: Vertex[][];
}

/** Converts parts of a mask to polygons of the API (`toWirePolygons`) with the rings that each is made of. */
export function toWireOutlines(parts: readonly MaskPolygon[], image: ImageSize): WireOutline[] {
  return parts
    .map((part) => limitVertices(part, MAX_VERTICES))
    .map((part) => ({
      polygon: { vertices: toVertices(seamParts([part]), image) },
      rings: [part.outer, ...part.holes].map((ring) => toVertices(ring, image)),
    }))
    .filter(({ polygon }) => hasArea(polygon.vertices))
    .map(({ polygon, rings }) => ({ polygon, rings: rings.filter(hasArea) }));
}

const hasArea = (vertices: Vertex[]) => Math.abs(signedArea(vertices)) > STEPS ** -2;

function toVertices(ring: Ring, image: ImageSize): Vertex[] {
  const vertices = ring.map((point) => {
    const { x, y } = pixelToUnit(point, image);
    return { x: roundedUnit(x), y: roundedUnit(y) };
  });
  return vertices.filter(({ x, y }, index) => {
    const previous = vertices.at(index - 1) as Vertex;
    return x !== previous.x || y !== previous.y;
  });
}

const roundedUnit = (fraction: number) => Math.min(Math.max(Math.round(fraction * STEPS) / STEPS, 0), 1);
