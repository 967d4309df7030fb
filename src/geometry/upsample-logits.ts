import { CELL_SIDE, GRID_SIDE, type ModelFrame, validSamples } from './spaces.ts';

/** Row-major values on a grid of `width * height` samples. */
interface Field {
  values: Float32Array;
  width: number;
  height: number;
}

/**
 * Computes the logits at the centre of every pixel of the upright image, row-major; above 0 is inside the mask. This
 * defines the mask that polygons are measured against.
 *
 * Like SAM's `postprocess_masks`: bilinear (align_corners false) from the 256 grid to model pixels, cropped to the
 * image, then bilinear to the image's size. One difference: samples on the padding are left out and the last sample on
 * the image is repeated instead, so that the mask at the image's border does not depend on the padding.
 */
export function upsampleLogits(logits: Float32Array, frame: ModelFrame): Float32Array {
  const { imageWidth, imageHeight, modelWidth, modelHeight } = frame;
  const valid = cropToImage(logits, validSamples(modelWidth), validSamples(modelHeight));
  const onModel = resizeBilinear(valid, modelWidth, modelHeight, 1 / CELL_SIDE, 1 / CELL_SIDE);
  return resizeBilinear(onModel, imageWidth, imageHeight, modelWidth / imageWidth, modelHeight / imageHeight).values;
}

function cropToImage(logits: Float32Array, width: number, height: number): Field {
  const values = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    values.set(logits.subarray(row * GRID_SIDE, row * GRID_SIDE + width), row * width);
  }
  return { values, width, height };
}

/**
 * Resizes a field. Output sample i lies at input coordinate `(i + 0.5) * step - 0.5`; beyond the first and last sample
 * the field is constant.
 */
function resizeBilinear(field: Field, width: number, height: number, stepX: number, stepY: number): Field {
  const values = new Float32Array(width * height);
  const columns = Array.from({ length: width }, (_, column) => locate((column + 0.5) * stepX - 0.5, field.width));
  for (let row = 0; row < height; row++) {
    const y = locate((row + 0.5) * stepY - 0.5, field.height);
    const above = field.values.subarray(y.before * field.width, (y.before + 1) * field.width);
    const below = field.values.subarray(y.after * field.width, (y.after + 1) * field.width);
    for (let column = 0; column < width; column++) {
      const { before, after, share } = columns[column]!;
      const upper = above[before]! + share * (above[after]! - above[before]!);
      const lower = below[before]! + share * (below[after]! - below[before]!);
      values[row * width + column] = upper + y.share * (lower - upper);
    }
  }
  return { values, width, height };
}

/** The two samples around a coordinate, and its fraction of the way from the first to the second. */
function locate(coordinate: number, count: number): { before: number; after: number; share: number } {
  const clamped = Math.min(Math.max(coordinate, 0), count - 1);
  const before = Math.floor(clamped);
  return { before, after: Math.min(before + 1, count - 1), share: clamped - before };
}
