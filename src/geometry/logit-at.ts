import { GRID_SIDE, type ModelFrame, type ModelPoint, modelToGrid, validSamples } from './spaces.ts';

/**
 * The logit at a point of the image, from the low-resolution logits (row-major, 256 x 256): bilinear between the
 * samples that lie on the image and constant beyond the outermost of them, as contours are drawn. Above 0 the mask
 * holds the point.
 */
export function logitAt(logits: Float32Array, point: ModelPoint, { modelWidth, modelHeight }: ModelFrame): number {
  const { x, y } = modelToGrid(point);
  const column = between(x, validSamples(modelWidth));
  const row = between(y, validSamples(modelHeight));
  const alongRow = (start: number) => mix(logits[start + column.before]!, logits[start + column.after]!, column.share);
  return mix(alongRow(row.before * GRID_SIDE), alongRow(row.after * GRID_SIDE), row.share);
}

function between(coordinate: number, count: number): { before: number; after: number; share: number } {
  const clamped = Math.min(Math.max(coordinate, 0), count - 1);
  const before = Math.floor(clamped);
  return { before, after: Math.min(before + 1, count - 1), share: clamped - before };
}

const mix = (from: number, to: number, share: number) => from + share * (to - from);
