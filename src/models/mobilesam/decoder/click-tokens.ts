import { ANY_LENGTH, type GraphBuilder, type Value } from '../../graphs/graph-builder.ts';
import { add, gather, multiply } from '../../graphs/graph-operations.ts';
import { ONNX_INT32 } from '../../graphs/onnx-graph.ts';
import type { ShippedWeights, Weight } from '../shipped-weights.ts';
import { clickPositions } from './positions.ts';

/** Weights of the labels -1 (none), 0 (background), 1 (foreground), 2 and 3 (corners of a box). */
const LABELS = [
  'not_a_point_embed.weight',
  ...[0, 1, 2, 3].map((label) => `prompt_encoder.point_embeddings.${label}.weight`),
];

/**
 * Tokens `[n, channels]` of clicks, from their positions in model pixels `[n, 2]` and their labels `[n]`. A padding
 * click has no position (SAM, `PromptEncoder._embed_points`).
 */
export function clickTokens(
  graph: GraphBuilder,
  { at, labels }: { at: Value; labels: Value },
  { weights, gaussian }: { weights: ShippedWeights; gaussian: Weight },
): Value {
  const embeddings = LABELS.map((name) => weights.tensor(name).data);
  const channels = embeddings[0]!.length;
  const table = graph.constant([LABELS.length, channels], Float32Array.from(embeddings.flatMap((each) => [...each])));
  const isSomewhere = graph.constant([LABELS.length, 1], Float32Array.of(0, 1, 1, 1, 1));

  const rows = add(graph, labels, graph.constant([1], Float32Array.of(1)));
  const [indices] = graph.node('Cast', [rows], [[ANY_LENGTH]], { attributes: { to: ONNX_INT32 } });
  const places = multiply(graph, clickPositions(graph, at, gaussian), gather(graph, isSomewhere, indices!, 0));
  return add(graph, places, gather(graph, table, indices!, 0));
}
