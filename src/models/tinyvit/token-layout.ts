import type { GraphBuilder, Value } from '../graph-builder.ts';
import { reshape, transpose } from '../graph-operations.ts';

/** `[side * side, channels]`, as linear layers and normalisations take it, to `[1, channels, side, side]`, as convolutions do. */
export function toImage(graph: GraphBuilder, tokens: Value, side: number): Value {
  return transpose(graph, reshape(graph, tokens, [1, side, side, tokens.shape[1]!]), [0, 3, 1, 2]);
}

/** The way back. */
export function toTokens(graph: GraphBuilder, image: Value): Value {
  const [, channels, height, width] = image.shape as [number, number, number, number];
  return reshape(graph, transpose(graph, image, [0, 2, 3, 1]), [height * width, channels]);
}
