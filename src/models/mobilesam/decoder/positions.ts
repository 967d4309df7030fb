import { MODEL_SIDE } from '#geometry/spaces';
import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { concat, gemm } from '../../graphs/graph-operations.ts';
import type { Weight } from '../shipped-weights.ts';

// SAM's positional encoding: a position in -1..1 times a random matrix gives angles; the encoding is their sines, then
// their cosines (Tancik et al. 2020, arXiv 2006.10739; SAM, `PositionEmbeddingRandom`). `gaussian` is that matrix, `[2,
// channels / 2]`.

/**
 * Positional encodings `[n, channels]` of points `[n, 2]` in model pixels. SAM takes the coordinates for indices of
 * pixels, whose centres are half a pixel further.
 */
export function clickPositions(graph: GraphBuilder, at: Value, gaussian: Weight): Value {
  const half = gaussian.shape[1]!;
  const { data } = gaussian;
  // 2 pi (2 (x + 0.5) / side - 1) G, as one product and one sum.
  const perPixel = graph.constant(
    [2, half],
    data.map((value) => (value * 4 * Math.PI) / MODEL_SIDE),
  );
  const atZero = Float32Array.from({ length: half }, (_, i) => (data[i]! + data[half + i]!) * ANGLE_AT_ZERO);
  const angles = gemm(graph, at, perPixel, { plus: graph.constant([half], atZero) });
  const [sines, cosines] = ['Sin', 'Cos'].map((opType) => graph.node(opType, [angles], [angles.shape])[0]!);
  return concat(graph, [sines!, cosines!], 1);
}

const ANGLE_AT_ZERO = 2 * Math.PI * (1 / MODEL_SIDE - 1);

/** Positional encodings of the centres of `side` x `side` cells, row by row: `[side * side, channels]`, row-major. */
export function gridPositions({ shape, data }: Weight, side: number): Float32Array {
  const half = shape[1]!;
  const encodings = new Float32Array(side * side * 2 * half);
  for (let cell = 0; cell < side * side; cell++) {
    const x = (2 * ((cell % side) + 0.5)) / side - 1;
    const y = (2 * (Math.floor(cell / side) + 0.5)) / side - 1;
    for (let i = 0; i < half; i++) {
      const angle = 2 * Math.PI * (x * data[i]! + y * data[half + i]!);
      encodings[cell * 2 * half + i] = Math.sin(angle);
      encodings[cell * 2 * half + half + i] = Math.cos(angle);
    }
  }
  return encodings;
}
