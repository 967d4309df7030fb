import { GRID_SIDE, type ModelFrame, type ModelPoint, modelToGrid, validSamples } from './spaces.ts';

/** Position of a point in a mask, and the size of the mask. */
export interface PlaceInMask {
  /**
   * Distance of the point to the nearest sample outside, or to the image's border, divided by the square root of the
   * mask's area: 0.56 in the middle of a disc, close to 0 at the edge or in a thin mask. 0 for an empty mask.
   */
  depth: number;
  /** Share of the image that the mask covers, 0..1. */
  areaShare: number;
}

/**
 * Computes the position of a point in a mask given as low-resolution logits (row-major, 256 x 256; above 0 is inside),
 * from the samples on the image.
 */
export function placeInMask(logits: Float32Array, point: ModelPoint, frame: ModelFrame): PlaceInMask {
  const columns = validSamples(frame.modelWidth);
  const rows = validSamples(frame.modelHeight);
  const { x, y } = modelToGrid(point);
  const toBorder = Math.max(0, Math.min(x + 1, columns - x, y + 1, rows - y));
  let nearest = toBorder * toBorder;
  let area = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (logits[row * GRID_SIDE + column]! > 0) area++;
      else nearest = Math.min(nearest, (column - x) ** 2 + (row - y) ** 2);
    }
  }
  return { depth: area === 0 ? 0 : Math.sqrt(nearest / area), areaShare: area / (columns * rows) };
}
