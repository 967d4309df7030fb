import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { add, convolve, loadKernel } from '../../graphs/graph-operations.ts';
import type { Building } from './building.ts';
import { feedForward } from './feed-forward.ts';
import type { TokenGrid } from './token-grid.ts';
import { toImage, toTokens } from './token-layout.ts';
import { windowAttention } from './window-attention.ts';
import type { WindowLayout } from './window-layout.ts';

/** Position of a block: its name in the shipped graph, its tokens, and how they are divided into windows. */
export interface BlockPlace {
  layer: string;
  grid: TokenGrid;
  layout: WindowLayout;
}

/**
 * A block of TinyViT: attention in windows, a depthwise convolution, and two linear layers. `[tokens, channels]` to the
 * same shape.
 */
export function transformerBlock(
  graph: GraphBuilder,
  x: Value,
  { layer, grid, layout }: BlockPlace,
  building: Building,
): Value {
  const { weights } = building;
  const attended = add(graph, x, windowAttention(graph, x, { layer: `${layer}/attn`, layout }, building));
  const kernel = loadKernel(graph, weights.convolution(`${layer}/local_conv/c`));
  const mixed = toTokens(graph, convolve(graph, toImage(graph, attended, grid), kernel));
  return add(graph, mixed, feedForward(graph, mixed, `${layer}/mlp`, building));
}
