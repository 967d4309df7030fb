import type { Polygon } from '#contract/vision/segment-job';
import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import { type ImageSize, pixelPoint, unitPoint, unitToPixel } from '#geometry/spaces';

/** A ring in pixels from coordinate pairs. */
export const ringOf = (...corners: [number, number][]): Ring => corners.map(([x, y]) => pixelPoint(x, y));

/** An upright rectangle, clockwise on a screen. */
export const rectangle = (left: number, top: number, right: number, bottom: number): Ring =>
  ringOf([left, top], [right, top], [right, bottom], [left, bottom]);

/** A closed line around (100, 100) that wobbles as the radii say. */
export const wobbly = (radii: number[]): Ring =>
  radii.map((radius, index) => {
    const angle = (2 * Math.PI * index) / radii.length;
    return pixelPoint(100 + radius * Math.cos(angle), 100 + radius * Math.sin(angle));
  });

export const ringsOf = (polygons: readonly MaskPolygon[]): Ring[] =>
  polygons.flatMap(({ outer, holes }) => [outer, ...holes]);

/** A polygon of the contract back in pixels; its seams stay in the one ring that it has. */
export const fromWire = ({ vertices }: Polygon, image: ImageSize): MaskPolygon => ({
  outer: vertices.map(({ x, y }) => unitToPixel(unitPoint(x, y), image)),
  holes: [],
});
