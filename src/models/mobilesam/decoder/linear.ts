import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { gemm } from '../../graphs/graph-operations.ts';
import type { Linear } from '../shipped-weights.ts';

/** A linear layer: `[rows, inputs]` to `[rows, outputs]`. */
export function linear(graph: GraphBuilder, x: Value, { inputs, outputs, weight, bias }: Linear): Value {
  const plus = bias && graph.constant([outputs], bias);
  return gemm(graph, x, graph.constant([inputs, outputs], weight), { plus });
}
