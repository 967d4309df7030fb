import { GRID_SIDE } from './spaces.ts';

/**
 * Measures how deep each sample of the 256 grid lies in a mask: the distance in samples to the nearest one outside, 0
 * outside, by steps to the eight neighbours (at most a twelfth too long). Beyond the grid is outside.
 *
 * @param isInside by index, row-major
 */
export function sampleDepths(isInside: (sample: number) => boolean): Float32Array {
  const depths = new Float32Array(GRID_SIDE * GRID_SIDE);
  const at = (row: number, column: number) =>
    row < 0 || row >= GRID_SIDE || column < 0 || column >= GRID_SIDE ? 0 : (depths[row * GRID_SIDE + column] ?? 0);
  /** Depth by what was seen so far: the row before in the direction of the walk, and the neighbour before. */
  const nearest = (row: number, column: number, step: 1 | -1) =>
    Math.min(
      at(row, column - step) + 1,
      at(row - step, column) + 1,
      at(row - step, column - step) + Math.SQRT2,
      at(row - step, column + step) + Math.SQRT2,
    );
  for (let row = 0; row < GRID_SIDE; row++) {
    for (let column = 0; column < GRID_SIDE; column++) {
      const sample = row * GRID_SIDE + column;
      if (isInside(sample)) depths[sample] = nearest(row, column, 1);
    }
  }
  for (let row = GRID_SIDE - 1; row >= 0; row--) {
    for (let column = GRID_SIDE - 1; column >= 0; column--) {
      const sample = row * GRID_SIDE + column;
      const depth = depths[sample] ?? 0;
      if (depth > 0) depths[sample] = Math.min(depth, nearest(row, column, -1));
    }
  }
  return depths;
}
