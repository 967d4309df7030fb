/** A matrix of 8-bit integers: column n stands for `values * scales[n]`. */
export interface QuantisedMatrix {
  /** Row-major, from -127 to 127: symmetric, so that the zero point is 0. */
  values: Int8Array;
  scales: Float32Array;
}

const LARGEST = 127;

/**
 * Quantises a row-major matrix to 8 bits, with a scale for each column, so that a column of small weights keeps its
 * precision.
 */
export function quantiseColumns(matrix: Float32Array, columns: number): QuantisedMatrix {
  const values = new Int8Array(matrix.length);
  const scales = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    let largest = 0;
    for (let i = column; i < matrix.length; i += columns) largest = Math.max(largest, Math.abs(matrix[i]!));
    // A column of zeros is zero at any scale but 0.
    const scale = largest / LARGEST || 1;
    for (let i = column; i < matrix.length; i += columns) values[i] = Math.round(matrix[i]! / scale);
    scales[column] = scale;
  }
  return { values, scales };
}
