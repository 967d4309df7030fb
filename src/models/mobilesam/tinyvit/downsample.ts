import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { convolve, gelu, loadKernel } from '../../graphs/graph-operations.ts';
import type { Building } from './building.ts';
import type { TokenGrid } from './token-grid.ts';
import { toImage, toTokens } from './token-layout.ts';

/**
 * Place of the layers between two stages of tokens: a pointwise convolution, a depthwise one with the given stride, and
 * another pointwise one. `layer` names them in the shipped graph.
 */
export interface Downsample {
  layer: string;
  stride: number;
  /** Tokens of the previous stage. */
  grid: TokenGrid;
}

/** Adds the layers between two stages of tokens to the graph. */
export function downsample(
  graph: GraphBuilder,
  tokens: Value,
  { layer, stride, grid }: Downsample,
  { weights, linears }: Building,
): Value {
  const mix = linears.load(graph, weights.pointwise(`${layer}/conv1/c`));
  const mixAgain = linears.load(graph, weights.pointwise(`${layer}/conv3/c`));
  const image = toImage(graph, gelu(graph, mix(linears.prepare(graph, tokens))), grid);
  const convolved = gelu(
    graph,
    convolve(graph, image, loadKernel(graph, weights.convolution(`${layer}/conv2/c`)), { stride }),
  );
  return mixAgain(linears.prepare(graph, toTokens(graph, convolved)));
}
