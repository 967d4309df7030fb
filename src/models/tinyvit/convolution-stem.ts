import type { GraphBuilder, Value } from '../graph-builder.ts';
import { add, concat, convolve, gelu, loadKernel, slice } from '../graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';

/**
 * Rows of a bottleneck that are computed together. Its wide values are the largest of the whole encoder: in strips they take 5 MB in
 * place of 54, three times over. Fewer rows would save little more, and each strip adds to the time to open the graph.
 */
const STRIP_ROWS = 16;
const HEIGHT = 2;

/** From the image to a quarter of its side, 64 channels: two convolutions and two inverted bottlenecks (MBConv). */
export function convolutionStem(graph: GraphBuilder, image: Value, weights: ShippedWeights): Value {
  const halve = (x: Value, layer: string) =>
    convolve(graph, x, loadKernel(graph, weights.convolution(`patch_embed/seq/${layer}/c`)), { stride: 2 });
  const quartered = halve(gelu(graph, halve(image, 'seq.0')), 'seq.2');
  return ['layers.0/blocks.0', 'layers.0/blocks.1'].reduce(
    (x, layer) => bottleneck(graph, x, layer, weights),
    quartered,
  );
}

/** Widens to four times the channels, convolves each, narrows again; with a residual connection. One strip after the other. */
function bottleneck(graph: GraphBuilder, x: Value, layer: string, weights: ShippedWeights): Value {
  const [widen, mix, narrow] = ['conv1', 'conv2', 'conv3'].map((name) =>
    loadKernel(graph, weights.convolution(`${layer}/${name}/c`)),
  );
  const height = x.shape[HEIGHT]!;
  const strips: Value[] = [];
  for (let from = 0; from < height; from += STRIP_ROWS) {
    const to = Math.min(from + STRIP_ROWS, height);
    // The convolution sees one row more on each side, or zeros where the image ends.
    const [above, below] = [from === 0 ? 1 : 0, to === height ? 1 : 0];
    const seen = slice(graph, x, HEIGHT, [from - 1 + above, to + 1 - below]);
    const widened = gelu(graph, convolve(graph, seen, widen!));
    const mixed = gelu(graph, convolve(graph, widened, mix!, { above, below }));
    const narrowed = convolve(graph, mixed, narrow!);
    strips.push(gelu(graph, add(graph, narrowed, slice(graph, x, HEIGHT, [from, to]))));
  }
  return concat(graph, strips, HEIGHT);
}
