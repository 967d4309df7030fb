import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { reshape, transpose } from '../../graphs/graph-operations.ts';
import type { TokenGrid } from './token-grid.ts';

/**
 * From `[rows * columns, channels]`, the layout of linear layers and normalisations, to `[1, channels, rows, columns]`,
 * the layout of convolutions.
 */
export function toImage(graph: GraphBuilder, tokens: Value, { rows, columns }: TokenGrid): Value {
  return transpose(graph, reshape(graph, tokens, [1, rows, columns, tokens.shape[1]!]), [0, 3, 1, 2]);
}

/**
 * From `[1, channels, rows, columns]`, the layout of convolutions, to `[rows * columns, channels]`, the layout of
 * linear layers and normalisations.
 */
export function toTokens(graph: GraphBuilder, image: Value): Value {
  const [, channels, height, width] = image.shape as [number, number, number, number];
  return reshape(graph, transpose(graph, image, [0, 2, 3, 1]), [height * width, channels]);
}
