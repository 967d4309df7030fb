import { boundsOf } from '../objects/candidate-roles.ts';
import type { Outline, UnitPosition } from '../objects/photo-object.ts';

interface Size {
  width: number;
  height: number;
}

/** A part of a photo, in its pixels. */
export interface Crop extends Size {
  left: number;
  top: number;
}

/** Room around an object, as a share of it, and the smallest part that is shown, as a share of the photo. */
const ROOM = 0.2;
const LEAST = 0.06;

/**
 * The part of a photo that shows an outline with some room around it.
 *
 * @param aspect width of the part by its height
 */
export function cropAround(parts: Outline['parts'], photo: Size, aspect: number): Crop {
  const bounds = boundsOf([{ score: 1, parts, polygons: [] }]);
  if (bounds === undefined) return { left: 0, top: 0, ...photo };
  const { xMin, yMin, xMax, yMax } = bounds;
  const across = Math.max((xMax - xMin) * (1 + 2 * ROOM), LEAST) * photo.width;
  const down = Math.max((yMax - yMin) * (1 + 2 * ROOM), LEAST) * photo.height;
  const width = Math.max(across, down * aspect);
  const height = width / aspect;
  return {
    left: placeWithin(((xMin + xMax) / 2) * photo.width, width, photo.width),
    top: placeWithin(((yMin + yMax) / 2) * photo.height, height, photo.height),
    width,
    height,
  };
}

/** Where a stretch around a middle begins, so that it is inside of the whole if it fits, else around the whole. */
function placeWithin(middle: number, length: number, whole: number): number {
  if (length >= whole) return (whole - length) / 2;
  return Math.min(Math.max(middle - length / 2, 0), whole - length);
}

/** An outline as the path of an SVG, in pixels of the photo to a tenth. */
export function toPath(parts: Outline['parts'], { width, height }: Size): string {
  const at = ({ x, y }: UnitPosition) => `${(x * width).toFixed(1)} ${(y * height).toFixed(1)}`;
  return parts
    .flat()
    .map((ring) => `M${ring.map(at).join('L')}Z`)
    .join('');
}
