import { GRID_SIDE, type ModelFrame, type ModelPoint, modelToGrid, validSamples } from './spaces.ts';

/** Position of a point in a mask, and the size of the mask and the sides that it touches. */
export interface PlaceInMask {
  /**
   * Distance of the point to the nearest sample outside, or to the image's border, divided by the square root of the
   * mask's area: 0.56 in the middle of a disc, close to 0 at the edge or in a thin mask. 0 for an empty mask.
   */
  depth: number;
  /** Share of the image that the mask covers, 0..1. */
  areaShare: number;
  /** Whether the mask reaches the last samples on each side of the image. */
  touches: Record<ImageSide, boolean>;
}

/** A side of an upright image. */
export type ImageSide = 'left' | 'top' | 'right' | 'bottom';

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
  let [left, top, right, bottom] = [columns, rows, -1, -1];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (logits[row * GRID_SIDE + column]! > 0) {
        area++;
        left = Math.min(left, column);
        right = Math.max(right, column);
        top = Math.min(top, row);
        bottom = row;
      } else nearest = Math.min(nearest, (column - x) ** 2 + (row - y) ** 2);
    }
  }
  return {
    depth: area === 0 ? 0 : Math.sqrt(nearest / area),
    areaShare: area / (columns * rows),
    touches: { left: left === 0, top: top === 0, right: right === columns - 1, bottom: bottom === rows - 1 },
  };
}
