import { GRID_SIDE } from '#geometry/spaces';
import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { concat, gather, gelu, gemm, layerNorm, relu, reshape, transpose } from '../../graphs/graph-operations.ts';
import type { Deconvolution, Linear, ShippedWeights } from '../shipped-weights.ts';
import { linear } from './linear.ts';
import type { Seen } from './two-way-transformer.ts';

/** Indices among the tokens: first the token of the scores, then those of the masks. */
const SCORE_TOKEN = 0;
const MASK_TOKENS = [1, 2, 3, 4];
/** Number of tokens that scores and masks are read from; the tokens of the clicks follow them. */
export const ANSWER_TOKENS = 1 + MASK_TOKENS.length;

/** Pixels that each of the two upscalings makes of one. */
const SQUARE = 4;

/**
 * Logits `[1, 4, 256, 256]` of the four masks: each token of the image becomes 4 x 4 pixels, and the value of a mask at
 * a pixel is the product of the pixel's channels with the channels derived from the mask's token. Both upscalings are
 * linear layers here; pixels are moved to their places only at the very end (SAM, `MaskDecoder.predict_masks`).
 */
export function maskLogits(graph: GraphBuilder, { tokens, image }: Seen, weights: ShippedWeights): Value {
  const layer = (index: number) => `output_upscaling/output_upscaling.${index}`;
  const halves = enlarge(graph, image, weights.deconvolution(layer(0)));
  const normalised = gelu(graph, layerNorm(graph, halves, weights.norm(layer(1))));
  const pixels = gelu(graph, enlarge(graph, normalised, weights.deconvolution(layer(3))));

  const wanted = MASK_TOKENS.map((token, mask) =>
    perceptron(graph, rowOf(graph, tokens, token), `output_hypernetworks_mlps.${mask}`, weights),
  );
  const logits = sumSquares(graph, pixels, concat(graph, wanted, 0));
  const side = GRID_SIDE / 4;
  // For a token's pixels: row and column of their quarter of the token, the mask, then row and column within the
  // quarter.
  const nested = reshape(graph, logits, [side, side, 2, 2, MASK_TOKENS.length, 2, 2]);
  return reshape(graph, transpose(graph, nested, [4, 0, 2, 5, 1, 3, 6]), [1, MASK_TOKENS.length, GRID_SIDE, GRID_SIDE]);
}

/**
 * Products of each pixel with each mask, one square at a time: from pixels `[squares * 4, channels]` and `wanted`
 * `[masks, channels]` to `[squares, masks * 4]`. A product with 4 columns would take as long as one with 16, so all
 * pixels of a square form one row, and every mask has a column for each of them, with zeros for the others.
 */
function sumSquares(graph: GraphBuilder, pixels: Value, wanted: Value): Value {
  const [masks, channels] = wanted.shape as [number, number];
  const [inputs, outputs] = [SQUARE * channels, masks * SQUARE];
  const zero = masks * channels;
  const places = Int32Array.from({ length: inputs * outputs }, (_, index) => {
    const [input, output] = [Math.floor(index / outputs), index % outputs];
    const isOfPixel = Math.floor(input / channels) === output % SQUARE;
    return isOfPixel ? Math.floor(output / SQUARE) * channels + (input % channels) : zero;
  });
  const values = concat(graph, [reshape(graph, wanted, [zero]), graph.constant([1], new Float32Array(1))], 0);
  const columns = gather(graph, values, graph.constant([places.length], places), 0);
  const rows = reshape(graph, pixels, [pixels.shape[0]! / SQUARE, inputs]);
  return gemm(graph, rows, reshape(graph, columns, [inputs, outputs]));
}

/** Predicted IoU of the four masks, `[1, 4]`. */
export const scores = (graph: GraphBuilder, tokens: Value, weights: ShippedWeights): Value =>
  perceptron(graph, rowOf(graph, tokens, SCORE_TOKEN), 'iou_prediction_head', weights);

/**
 * Upscales pixels by a transposed convolution: each row becomes the rows of its square's pixels, row by row: `[n,
 * inputs]` to `[n * side * side, outputs]`.
 */
function enlarge(graph: GraphBuilder, x: Value, kernel: Deconvolution): Value {
  const pixels = kernel.side ** 2;
  return reshape(graph, linear(graph, x, pixelLayer(kernel)), [x.shape[0]! * pixels, kernel.outputs]);
}

/** A transposed convolution as a linear layer on each pixel, with columns for each pixel of the square. */
function pixelLayer({ inputs, outputs, side, weight, bias }: Deconvolution): Linear {
  const pixels = side ** 2;
  const byPixel = weight.map((_, index) => {
    const [input, column] = [Math.floor(index / (outputs * pixels)), index % (outputs * pixels)];
    const [pixel, output] = [Math.floor(column / outputs), column % outputs];
    return weight[(input * outputs + output) * pixels + pixel]!;
  });
  const biases = Float32Array.from({ length: outputs * pixels }, (_, column) => bias[column % outputs]!);
  return { inputs, outputs: outputs * pixels, weight: byPixel, bias: biases };
}

function perceptron(graph: GraphBuilder, x: Value, layer: string, weights: ShippedWeights): Value {
  const [first, second, last] = [0, 1, 2].map((index) => weights.gemm(`${layer}/layers.${index}`));
  return linear(graph, relu(graph, linear(graph, relu(graph, linear(graph, x, first!)), second!)), last!);
}

const rowOf = (graph: GraphBuilder, x: Value, row: number): Value =>
  gather(graph, x, graph.constant([1], Int32Array.of(row)), 0);
