import { GRID_SIDE } from '../../geometry/spaces.ts';
import type { GraphBuilder, Value } from '../graph-builder.ts';
import { concat, gather, gelu, gemm, layerNorm, relu, reshape, transpose } from '../graph-operations.ts';
import type { Deconvolution, Linear, ShippedWeights } from '../shipped-weights.ts';
import { linear } from './linear.ts';
import type { Seen } from './two-way-transformer.ts';

/** Places among the tokens: first that of the scores, then those of the masks. */
const SCORE_TOKEN = 0;
const MASK_TOKENS = [1, 2, 3, 4];

/**
 * Logits `[1, 4, 256, 256]`: tokens of the image become 4 x 4 pixels each, and of every pixel a mask takes the sum of channels that its
 * token asks for. Both steps to more pixels are linear layers here; pixels are put in their places at the very end, as single
 * numbers (SAM, `MaskDecoder.predict_masks`).
 */
export function maskLogits(graph: GraphBuilder, { tokens, image }: Seen, weights: ShippedWeights): Value {
  const layer = (index: number) => `output_upscaling/output_upscaling.${index}`;
  const halves = enlarge(graph, image, weights.deconvolution(layer(0)));
  const normalised = gelu(graph, layerNorm(graph, halves, weights.norm(layer(1))));
  const pixels = gelu(graph, enlarge(graph, normalised, weights.deconvolution(layer(3))));

  const wanted = MASK_TOKENS.map((token, mask) =>
    perceptron(graph, rowOf(graph, tokens, token), `output_hypernetworks_mlps.${mask}`, weights),
  );
  const logits = gemm(graph, pixels, concat(graph, wanted, 0), { transposed: true });
  const side = GRID_SIDE / 4;
  // Of a token's pixels the row and column in its half, then in their quarter.
  const nested = reshape(graph, logits, [side, side, 2, 2, 2, 2, MASK_TOKENS.length]);
  return reshape(graph, transpose(graph, nested, [6, 0, 2, 4, 1, 3, 5]), [1, MASK_TOKENS.length, GRID_SIDE, GRID_SIDE]);
}

/** Predicted IoU of the four masks, `[1, 4]`. */
export const scores = (graph: GraphBuilder, tokens: Value, weights: ShippedWeights): Value =>
  perceptron(graph, rowOf(graph, tokens, SCORE_TOKEN), 'iou_prediction_head', weights);

/** Each row becomes rows for the pixels of its square, row by row: `[n, inputs]` to `[n * side * side, outputs]`. */
function enlarge(graph: GraphBuilder, x: Value, kernel: Deconvolution): Value {
  const pixels = kernel.side ** 2;
  return reshape(graph, linear(graph, x, pixelLayer(kernel)), [x.shape[0]! * pixels, kernel.outputs]);
}

/** A transposed convolution as the linear layer that it is on each pixel, with columns for each pixel of the square. */
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
