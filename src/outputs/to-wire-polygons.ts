import { MAX_VERTICES } from '#contract/limits';
import type { Polygon, Vertex } from '#contract/vision/segment-job';
import { limitVertices } from '#geometry/limit-vertices';
import { type MaskPolygon, type Ring, signedArea } from '#geometry/mask-polygon';
import { seamHoles } from '#geometry/seam-holes';
import { type ImageSize, pixelToUnit } from '#geometry/spaces';

/** Coordinates are rounded to millionths of the image: by 0.005 pixels at most in an image 10,000 pixels wide. */
const STEPS = 1e6;

/**
 * Converts parts of a mask to polygons of the API: unit coordinates, 3 to 1000 vertices, the holes of a part cut into
 * its outline by seams of no width. A part too small to keep an area after rounding is left out.
 */
export function toWirePolygons(polygons: readonly MaskPolygon[], image: ImageSize): Polygon[] {
  return polygons
    .map((polygon) => toVertices(seamHoles(limitVertices(polygon, MAX_VERTICES)), image))
    .filter((vertices) => Math.abs(signedArea(vertices)) > STEPS ** -2)
    .map((vertices) => ({ vertices }));
}

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
