import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import {
  add,
  type ConvolutionOptions,
  concat,
  convolve,
  gelu,
  type Kernel,
  loadKernel,
  slice,
} from '../../graphs/graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';
import { toTokens } from './token-layout.ts';

/** Side of the square that becomes a token, in pixels. */
const TOKEN_SIDE = 8;
const HEIGHT = 2;

/**
 * Rows of tokens that are computed together. Values between image and tokens are wider than anywhere else in the
 * encoder, so that computing a whole photo at once would need the most memory of all and fit no cache
 * (docs/decisions/0005-compute-in-strips.md).
 */
const STRIP_ROWS = 26;
/**
 * Rows of tokens at the edge of a strip that come out wrong, because the bottlenecks read zeros beyond the strip. One
 * row of tokens covers the two rows that they read there.
 */
const SPOILT_ROWS = 1;

/** Rows of an image or of tokens, from `from` up to but not including `to`. */
interface Rows {
  from: number;
  to: number;
}

/**
 * From the image `[1, 3, height, width]` to tokens `[tokens, 128]` of 8 x 8 pixels each: two convolutions to a quarter
 * of its side, two inverted bottlenecks (MBConv), and the downsampling before the first stage. All in fp32: in int8 the
 * last convolution alone would cause a larger error than all linear layers of the encoder together
 * (docs/decisions/0002-int8-linear-layers.md).
 *
 * Each strip runs through all layers, so that values keep the layout of convolutions throughout.
 */
export function convolutionStem(graph: GraphBuilder, image: Value, weights: ShippedWeights): Value {
  const [, , height, width] = image.shape as [number, number, number, number];
  const kernels = loadKernels(graph, weights);
  const all = height / TOKEN_SIDE;
  const strips = cutIntoStrips(all).map((rows) => {
    const made = { from: Math.max(rows.from - SPOILT_ROWS, 0), to: Math.min(rows.to + SPOILT_ROWS, all) };
    const { from, to } = readByHalving(readByHalving(readByHalving(made)));
    // Padding only at the top of the image: below an even height, a stride of 2 reads none.
    const padding = { above: from === 0 ? 1 : 0, below: 0 };
    const tokens = stripOfTokens(graph, slice(graph, image, HEIGHT, [from, to]), kernels, padding);
    const tokensInRow = width / TOKEN_SIDE;
    return slice(graph, tokens, 0, [(rows.from - made.from) * tokensInRow, (rows.to - made.from) * tokensInRow]);
  });
  return concat(graph, strips, 0);
}

/** Strips of about the same height. */
function cutIntoStrips(rows: number): Rows[] {
  const count = Math.ceil(rows / STRIP_ROWS);
  const start = (strip: number) => Math.round((rows * strip) / count);
  return Array.from({ length: count }, (_, strip) => ({ from: start(strip), to: start(strip + 1) }));
}

/** Rows that a 3 x 3 convolution of stride 2 reads to compute the given ones. */
const readByHalving = ({ from, to }: Rows): Rows => ({ from: Math.max(2 * from - 1, 0), to: 2 * to });

interface StemKernels {
  halve: Kernel;
  quarter: Kernel;
  bottlenecks: Kernel[][];
  downsample: Kernel[];
}

function loadKernels(graph: GraphBuilder, weights: ShippedWeights): StemKernels {
  const load = (layer: string) => loadKernel(graph, weights.convolution(`${layer}/c`));
  const three = (layer: string) => ['conv1', 'conv2', 'conv3'].map((name) => load(`${layer}/${name}`));
  return {
    halve: load('patch_embed/seq/seq.0'),
    quarter: load('patch_embed/seq/seq.2'),
    bottlenecks: ['layers.0/blocks.0', 'layers.0/blocks.1'].map(three),
    downsample: three('layers.0/downsample'),
  };
}

function stripOfTokens(
  graph: GraphBuilder,
  pixels: Value,
  { halve, quarter, bottlenecks, downsample: [mix, shrink, mixAgain] }: StemKernels,
  padding: ConvolutionOptions,
): Value {
  const halving = { stride: 2, ...padding };
  const halved = gelu(graph, convolve(graph, pixels, halve, halving));
  const quartered = convolve(graph, halved, quarter, halving);
  const widened = bottlenecks.reduce((x, kernels) => bottleneck(graph, x, kernels), quartered);
  const mixed = gelu(graph, convolve(graph, widened, mix!));
  const shrunk = gelu(graph, convolve(graph, mixed, shrink!, halving));
  return toTokens(graph, convolve(graph, shrunk, mixAgain!));
}

/**
 * An inverted bottleneck: widens to four times the channels, convolves each, narrows again; with a residual connection.
 */
function bottleneck(graph: GraphBuilder, x: Value, [widen, mix, narrow]: Kernel[]): Value {
  const widened = gelu(graph, convolve(graph, x, widen!));
  const mixed = gelu(graph, convolve(graph, widened, mix!));
  return gelu(graph, add(graph, convolve(graph, mixed, narrow!), x));
}
