import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { layerNorm } from '../../graphs/graph-operations.ts';
import type { Building } from './building.ts';
import type { TokenGrid } from './token-grid.ts';
import { toImage } from './token-layout.ts';
import { convolveTiles, toTokenOrder } from './winograd.ts';

/**
 * From tokens `[rows * columns, channels]` to the embedding `[1, 256, rows, columns]` (SAM, `ImageEncoderViT.neck`).
 */
export function neck(graph: GraphBuilder, tokens: Value, grid: TokenGrid, { weights, linears }: Building): Value {
  const narrow = linears.load(graph, weights.pointwise('neck/neck.0'));
  const normalised = layerNorm(graph, narrow(linears.prepare(graph, tokens)), weights.norm('neck/neck.1'));
  const convolved = convolveTiles(graph, normalised, grid, weights.convolution('neck/neck.2'));
  return toImage(graph, toTokenOrder(graph, layerNorm(graph, convolved, weights.norm('neck/neck.3')), grid), grid);
}
