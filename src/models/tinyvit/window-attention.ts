import { type GraphBuilder, MICROSOFT_DOMAIN, type Value } from '../graph-builder.ts';
import { add, layerNorm, type Norm, reshape, softmax } from '../graph-operations.ts';
import { moveRows, regroupRows } from './arrange-rows.ts';
import type { Building } from './building.ts';
import { HEAD_SIZE, splitQkv } from './split-qkv.ts';
import type { WindowLayout } from './window-layout.ts';

/**
 * Attention within windows, with learned biases for relative places: `[tokens, channels]` to the same, without the residual
 * connection. `layer` names the module in the shipped graph.
 *
 * Rows are moved as they go into linear layers, when they are smallest: into windows before queries, keys and values are
 * computed, back into the image before the projection. In between, tokens of equal place in their windows lie together, so that
 * the products read queries, keys and values where they are.
 */
export function windowAttention(
  graph: GraphBuilder,
  x: Value,
  { layer, layout }: { layer: string; layout: WindowLayout },
  { weights, linears }: Building,
): Value {
  const channels = x.shape[1]!;
  const heads = channels / HEAD_SIZE;
  const { windows, tokens } = layout;

  const norm = weights.norm(`${layer}/norm`);
  const normalised = linears.prepare(graph, layerNorm(graph, x, withoutAffine(norm)));
  const byPlace = moveRows(graph, normalised, layout.tokenOfPlace, { withZeros: true });
  const [query, key, value] = splitQkv(weights.linear(`${layer}/qkv`), norm).map((part) =>
    reshape(graph, linears.load(graph, part)(byPlace), [tokens, windows, heads, HEAD_SIZE]),
  );

  const { shape, data } = weights.attentionBias(layer);
  const [scores] = graph.node('FusedMatMul', [query, key], [[windows, heads, tokens, tokens]], {
    domain: MICROSOFT_DOMAIN,
    attributes: { transBatchA: 1, transBatchB: 1, transB: 1, alpha: { float: 1 / Math.sqrt(HEAD_SIZE) } },
  });
  const attention = softmax(graph, add(graph, scores!, graph.constant([1, ...shape], data)));
  const [attended] = graph.node('FusedMatMul', [attention, value], [[windows, heads, tokens, HEAD_SIZE]], {
    domain: MICROSOFT_DOMAIN,
    attributes: { transBatchB: 1 },
  });

  const byWindow = linears.prepare(graph, reshape(graph, attended!, [windows * heads * tokens, HEAD_SIZE]));
  const inImage = regroupRows(graph, moveRows(graph, byWindow, layout.rowOfToken), channels);
  return linears.load(graph, weights.linear(`${layer}/proj`))(inImage);
}

/** Scale and shift are folded into the layers that follow (split-qkv.ts). */
const withoutAffine = ({ scale, epsilon }: Norm): Norm => ({
  scale: new Float32Array(scale.length).fill(1),
  shift: new Float32Array(scale.length),
  epsilon,
});
