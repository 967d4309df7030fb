import type { GraphBuilder, Value } from '../graph-builder.ts';
import { add, concat, convolve, gelu, type Kernel, loadKernel, slice } from '../graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';

/**
 * Rows that go through the bottlenecks together. Their wide values are the largest of the whole encoder: two strips of a 4:3
 * photo take 28 MB in place of 54 each time. More strips would save no more, and take longer: each is brought into the layout of
 * convolutions by itself.
 */
const STRIP_ROWS = 104;
/** Each bottleneck sees one row more on each side, or zeros where the image ends. */
const SEEN_ROWS = 2;
const HEIGHT = 2;

/** From the image to a quarter of its side, 64 channels: two convolutions and two inverted bottlenecks (MBConv). */
export function convolutionStem(graph: GraphBuilder, image: Value, weights: ShippedWeights): Value {
  const halve = (x: Value, layer: string) =>
    convolve(graph, x, loadKernel(graph, weights.convolution(`patch_embed/seq/${layer}/c`)), { stride: 2 });
  const quartered = halve(gelu(graph, halve(image, 'seq.0')), 'seq.2');
  const bottlenecks = ['layers.0/blocks.0', 'layers.0/blocks.1'].map((layer) => loadBottleneck(graph, layer, weights));
  const height = quartered.shape[HEIGHT]!;
  const strips: Value[] = [];
  for (let from = 0; from < height; from += STRIP_ROWS) {
    const to = Math.min(from + STRIP_ROWS, height);
    const first = Math.max(from - SEEN_ROWS, 0);
    const seen = slice(graph, quartered, HEIGHT, [first, Math.min(to + SEEN_ROWS, height)]);
    const done = bottlenecks.reduce((x, kernels) => bottleneck(graph, x, kernels), seen);
    strips.push(slice(graph, done, HEIGHT, [from - first, to - first]));
  }
  return concat(graph, strips, HEIGHT);
}

const loadBottleneck = (graph: GraphBuilder, layer: string, weights: ShippedWeights): Kernel[] =>
  ['conv1', 'conv2', 'conv3'].map((name) => loadKernel(graph, weights.convolution(`${layer}/${name}/c`)));

/** Widens to four times the channels, convolves each, narrows again; with a residual connection. */
function bottleneck(graph: GraphBuilder, x: Value, [widen, mix, narrow]: Kernel[]): Value {
  const widened = gelu(graph, convolve(graph, x, widen!));
  const mixed = gelu(graph, convolve(graph, widened, mix!));
  return gelu(graph, add(graph, convolve(graph, mixed, narrow!), x));
}
