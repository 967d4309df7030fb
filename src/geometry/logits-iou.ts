import { GRID_SIDE, type ModelFrame, validSamples } from './spaces.ts';

/**
 * Intersection over union of two masks given as low-resolution logits (row-major, 256 x 256; above 0 is inside), by
 * their samples on the image; 0 where both are empty.
 *
 * @param beyond samples of either mask that lie on no image, which the other does not share
 */
export function logitsIou(
  a: Float32Array,
  b: Float32Array,
  { modelWidth, modelHeight }: ModelFrame,
  beyond = 0,
): number {
  const columns = validSamples(modelWidth);
  const rows = validSamples(modelHeight);
  let intersection = 0;
  let union = beyond;
  for (let row = 0; row < rows; row++) {
    for (let i = row * GRID_SIDE; i < row * GRID_SIDE + columns; i++) {
      const inA = a[i]! > 0;
      const inB = b[i]! > 0;
      if (inA && inB) intersection++;
      if (inA || inB) union++;
    }
  }
  return union === 0 ? 0 : intersection / union;
}
