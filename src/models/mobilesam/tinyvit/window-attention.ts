import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { attend, layerNorm, type Norm, reshape } from '../../graphs/graph-operations.ts';
import { moveRows } from './arrange-rows.ts';
import type { Building } from './building.ts';
import { HEAD_SIZE, splitQkv } from './split-qkv.ts';
import type { WindowLayout } from './window-layout.ts';

/**
 * Attention within windows, with learned biases for relative positions: `[tokens, channels]` to the same shape, without
 * the residual connection. `layer` names the module in the shipped graph.
 *
 * Rows are moved right before linear layers, where they are smallest: into windows before queries, keys and values are
 * computed, back into image order before the projection.
 */
export function windowAttention(
  graph: GraphBuilder,
  x: Value,
  { layer, layout }: { layer: string; layout: WindowLayout },
  { weights, linears }: Building,
): Value {
  const channels = x.shape[1]!;
  const { windows, tokens } = layout;

  const norm = weights.norm(`${layer}/norm`);
  const normalised = linears.prepare(graph, layerNorm(graph, x, withoutAffine(norm)));
  const inWindows = moveRows(graph, normalised, layout.tokenOfPlace, { withZeros: true });
  const [query, key, value] = splitQkv(weights.linear(`${layer}/qkv`), norm).map((part) =>
    reshape(graph, linears.load(graph, part)(inWindows), [windows, tokens, channels]),
  ) as [Value, Value, Value];

  const { shape, data } = weights.attentionBias(layer);
  const bias = graph.constant([1, ...shape], data);
  const attended = attend(graph, { query, key, value, bias }, channels / HEAD_SIZE);
  const rows = linears.prepare(graph, reshape(graph, attended, [windows * tokens, channels]));
  return linears.load(graph, weights.linear(`${layer}/proj`))(moveRows(graph, rows, layout.placeOfToken));
}

/** Scale and shift are folded into the layers that follow (split-qkv.ts). */
const withoutAffine = ({ scale, epsilon }: Norm): Norm => ({
  scale: new Float32Array(scale.length).fill(1),
  shift: new Float32Array(scale.length),
  epsilon,
});
