import { MODEL_SIDE } from '#geometry/spaces';
import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { gather } from '../../graphs/graph-operations.ts';

/** Cells on a side of an embedding of the square; each stands for 16 x 16 model pixels. */
const SIDE = MODEL_SIDE / 16;

/**
 * Extends an embedding `[1, channels, rows, columns]` of the square's top-left part to the whole square, `[1, channels,
 * 64, 64]`. The cells beyond repeat the second to last row (or column): padding as seen next to the image, not as seen
 * next to the border.
 */
export function fillSquare(graph: GraphBuilder, embedding: Value): Value {
  return [2, 3].reduce((x, axis) => {
    const length = x.shape[axis]!;
    if (length === SIDE) return x;
    const order = Int32Array.from({ length: SIDE }, (_, place) => (place < length ? place : length - 2));
    return gather(graph, x, graph.constant([SIDE], order), axis);
  }, embedding);
}
