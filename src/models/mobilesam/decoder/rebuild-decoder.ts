import { GRID_SIDE } from '#geometry/spaces';
import { DECODER_OUTPUTS } from '#prompting/sam-graph';
import { ANY_LENGTH, createGraphBuilder } from '../../graphs/graph-builder.ts';
import { concat, reshape, toSingle } from '../../graphs/graph-operations.ts';
import type { OnnxCodec } from '../../graphs/onnx-graph.ts';
import { createShippedWeights } from '../shipped-weights.ts';
import { clickTokens } from './click-tokens.ts';
import { imageTokens } from './image-tokens.ts';
import { ANSWER_TOKENS, maskLogits, scores } from './masks.ts';
import { gridPositions } from './positions.ts';
import { twoWayTransformer } from './two-way-transformer.ts';

/** Cells on a side of an embedding, and its number of channels. */
const SIDE = 64;
const CHANNELS = 256;

/**
 * Rebuilds MobileSAM's decoder from the weights of its shipped graph: its inputs except `orig_im_size`, the embedding
 * in half precision, and the outputs of the cut graph (cut-decoder.ts).
 *
 * @throws if the shipped graph is not the one that this version knows
 */
export function rebuildDecoder(codec: OnnxCodec, file: Uint8Array): Uint8Array {
  const weights = createShippedWeights(codec.decode(file));
  const graph = createGraphBuilder();
  const embedding = toSingle(graph, graph.input('image_embeddings', [1, CHANNELS, SIDE, SIDE], { isHalf: true }));
  const coordinates = graph.input('point_coords', [1, ANY_LENGTH, 2]);
  const labels = graph.input('point_labels', [1, ANY_LENGTH]);
  const logits = graph.input('mask_input', [1, 1, GRID_SIDE, GRID_SIDE]);
  const hasLogits = graph.input('has_mask_input', [1]);

  const gaussian = weights.tensor('positional_encoding_gaussian_matrix');
  const outputTokens = weights.operand('/Expand_1').data;
  const tokens = concat(
    graph,
    [
      graph.constant([outputTokens.length / CHANNELS, CHANNELS], outputTokens),
      clickTokens(
        graph,
        { at: reshape(graph, coordinates, [ANY_LENGTH, 2]), labels: reshape(graph, labels, [ANY_LENGTH]) },
        { weights, gaussian },
      ),
    ],
    0,
  );
  const image = imageTokens(graph, { embedding, logits, hasLogits }, weights);
  const positions = graph.constant([SIDE * SIDE, CHANNELS], gridPositions(gaussian, SIDE));
  const seen = twoWayTransformer(graph, { tokens, image, positions, answerTokens: ANSWER_TOKENS }, weights);
  const outputs = {
    [DECODER_OUTPUTS.logits]: maskLogits(graph, seen, weights),
    [DECODER_OUTPUTS.scores]: scores(graph, seen.tokens, weights),
  };
  weights.checkAllTaken();
  return codec.encode(graph.finish(outputs));
}
