import type { GraphBuilder, Value } from '../graph-builder.ts';
import { add, convolve, gelu } from '../graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';

/** From the image to a quarter of its side, 64 channels: two convolutions and two inverted bottlenecks (MBConv). */
export function convolutionStem(graph: GraphBuilder, image: Value, weights: ShippedWeights): Value {
  const halved = convolve(graph, image, weights.convolution('patch_embed/seq/seq.0/c'), 2);
  const quartered = convolve(graph, gelu(graph, halved), weights.convolution('patch_embed/seq/seq.2/c'), 2);
  return ['layers.0/blocks.0', 'layers.0/blocks.1'].reduce(
    (x, layer) => bottleneck(graph, x, layer, weights),
    quartered,
  );
}

/** Widens to four times the channels, convolves each, narrows again; with a residual connection. */
function bottleneck(graph: GraphBuilder, x: Value, layer: string, weights: ShippedWeights): Value {
  const widened = gelu(graph, convolve(graph, x, weights.convolution(`${layer}/conv1/c`)));
  const convolved = gelu(graph, convolve(graph, widened, weights.convolution(`${layer}/conv2/c`)));
  return gelu(graph, add(graph, convolve(graph, convolved, weights.convolution(`${layer}/conv3/c`)), x));
}
