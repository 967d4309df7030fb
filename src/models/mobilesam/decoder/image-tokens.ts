import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { add, convolve, gelu, gemm, layerNorm, loadKernel, reshape, transpose } from '../../graphs/graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';

/**
 * Tokens `[rows * columns, channels]` of an image, each with the encoding of the mask fed back added; where `hasLogits`
 * `[1]` is 0 instead of 1, a learned vector replaces that encoding (SAM, `PromptEncoder._embed_masks`).
 */
export function imageTokens(
  graph: GraphBuilder,
  { embedding, logits, hasLogits }: { embedding: Value; logits: Value; hasLogits: Value },
  weights: ShippedWeights,
): Value {
  const layer = (index: number) => `mask_downscaling/mask_downscaling.${index}`;
  const halve = (image: Value, index: number) => {
    const convolved = convolve(graph, image, loadKernel(graph, weights.convolution(layer(index))), { stride: 2 });
    return gelu(graph, layerNorm(graph, toTokens(graph, convolved), weights.norm(layer(index + 1))));
  };
  const tokens = toTokens(graph, embedding);
  const { inputs, outputs, weight, bias } = weights.pointwise(layer(6));
  const missing = weights.operand('/Mul_9').data;
  return graph.choose(hasLogits, {
    whenSet: () => {
      const quarter = halve(toImage(graph, halve(logits, 0)), 3);
      const placed = add(graph, tokens, graph.constant([1, outputs], bias!));
      return gemm(graph, quarter, graph.constant([inputs, outputs], weight), { plus: placed });
    },
    otherwise: () => add(graph, tokens, graph.constant([1, outputs], missing)),
  });
}

/**
 * From `[1, channels, rows, columns]` to `[rows * columns, channels]`. A transpose of two axes is much faster than one
 * of four (docs/decisions/0015-decoder-layout.md).
 */
function toTokens(graph: GraphBuilder, image: Value): Value {
  const [, channels, rows, columns] = image.shape as [number, number, number, number];
  return transpose(graph, reshape(graph, image, [channels, rows * columns]), [1, 0]);
}

/** From `[rows * columns, channels]` to `[1, channels, rows, columns]` of a square. */
function toImage(graph: GraphBuilder, tokens: Value): Value {
  const [count, channels] = tokens.shape as [number, number];
  const side = Math.sqrt(count);
  return reshape(graph, transpose(graph, tokens, [1, 0]), [1, channels, side, side]);
}
