import type { GraphBuilder, Value } from '../graph-builder.ts';
import { add, convolve } from '../graph-operations.ts';
import type { Building } from './building.ts';
import { feedForward } from './feed-forward.ts';
import { toImage, toTokens } from './token-layout.ts';
import { windowAttention } from './window-attention.ts';
import type { WindowLayout } from './window-layout.ts';

/** Where a block stands: its name in the shipped graph, the side of its grid of tokens, and how that is cut into windows. */
export interface BlockPlace {
  layer: string;
  gridSide: number;
  layout: WindowLayout;
}

/** A block of TinyViT: attention in windows, a convolution of each channel, two linear layers. `[tokens, channels]` to the same. */
export function transformerBlock(
  graph: GraphBuilder,
  x: Value,
  { layer, gridSide, layout }: BlockPlace,
  building: Building,
): Value {
  const { weights } = building;
  const attended = add(graph, x, windowAttention(graph, x, { layer: `${layer}/attn`, layout }, building));
  const kernel = weights.convolution(`${layer}/local_conv/c`);
  const mixed = toTokens(graph, convolve(graph, toImage(graph, attended, gridSide), kernel));
  return add(graph, mixed, feedForward(graph, mixed, `${layer}/mlp`, building));
}
