import type { GraphBuilder, Value } from '../graph-builder.ts';
import { convolve, gelu, loadKernel } from '../graph-operations.ts';
import type { Building } from './building.ts';
import type { TokenGrid } from './token-grid.ts';
import { toImage, toTokens } from './token-layout.ts';

/** What lies between two stages: channels mixed, each convolved at the given stride, mixed again. */
export interface Downsample {
  layer: string;
  stride: number;
}

/**
 * After the stem, whose image `[1, channels, height, width]` becomes tokens `[tokens, channels]`. Convolutions only, in fp32 in any
 * case: in int8 the last of them alone would make a larger error than all the encoder's linear layers together.
 */
export function downsampleImage(
  graph: GraphBuilder,
  image: Value,
  { layer, stride }: Downsample,
  { weights }: Building,
) {
  const kernel = (name: string) => loadKernel(graph, weights.convolution(`${layer}/${name}/c`));
  const mixed = gelu(graph, convolve(graph, image, kernel('conv1')));
  const convolved = gelu(graph, convolve(graph, mixed, kernel('conv2'), { stride }));
  return toTokens(graph, convolve(graph, convolved, kernel('conv3')));
}

/** Between stages of tokens; `grid` is that of the stage before. */
export function downsampleTokens(
  graph: GraphBuilder,
  tokens: Value,
  { layer, stride, grid }: Downsample & { grid: TokenGrid },
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
