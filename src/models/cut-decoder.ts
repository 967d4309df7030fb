import { defined } from '#contract/defined';
import { GRID_SIDE } from '#geometry/spaces';
import { DECODER_OUTPUTS } from '#prompting/sam-graph';
import {
  ONNX_FLOAT32,
  type OnnxCodec,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxValueInfo,
} from './graphs/onnx-graph.ts';

/**
 * Cuts off the last steps of a SAM decoder, which pick one of four masks and scale it up to the image. The outputs of
 * the cut graph are all four masks on the 256 grid with their scores, bit for bit what the whole graph computes
 * internally: token 0, meant for prompts of several points or a box, and the candidates 1 to 3, meant for a single
 * point (Kirillov et al. 2023, SAM, section 3, "Resolving ambiguity").
 *
 * The nodes are found from the outputs upwards by their operator, because node names differ between exports.
 *
 * @throws Error for a graph without the expected nodes
 */
export function cutDecoder(codec: OnnxCodec, file: Uint8Array): Uint8Array {
  const model = codec.decode(file);
  const { graph } = model;
  const selection = findUpwards(graph, 'iou_predictions', 'ArgMax');
  const scores = findUpwards(graph, defined(selection.input[0], 'input of the ArgMax'), 'Gemm');
  const flattened = findUpwards(graph, 'low_res_masks', 'Flatten');
  const logits = producers(graph).get(defined(flattened.input[0], 'input of the Flatten'));
  if (!logits) throw new Error('The decoder graph has no node that computes its masks.');

  renameOutput(graph, scores, DECODER_OUTPUTS.scores);
  renameOutput(graph, logits, DECODER_OUTPUTS.logits);
  graph.output = [
    floatOutput(DECODER_OUTPUTS.logits, [1, 4, GRID_SIDE, GRID_SIDE]),
    floatOutput(DECODER_OUTPUTS.scores, [1, 4]),
  ];
  prune(model);
  return codec.encode(model);
}

/**
 * Whether a SAM decoder picks one of its masks itself, in float32, so that it can be cut. An export that outputs all
 * masks needs no cut, and in a graph that was quantised afterwards the nodes to cut at cannot be found; both run as
 * they are.
 */
export function canCut(codec: OnnxCodec, file: Uint8Array): boolean {
  const { graph } = codec.decode(file);
  const isQuantised = graph.node.some(({ opType }) => /Integer|Quantize/.test(opType));
  return !isQuantised && graph.node.some(({ opType }) => opType === 'ArgMax');
}

const producers = (graph: OnnxGraph): Map<string, OnnxNode> =>
  new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node])));

/** Nearest node of the given kind on the way up from a value to the inputs, breadth first. */
function findUpwards(graph: OnnxGraph, value: string, opType: string): OnnxNode {
  const producerOf = producers(graph);
  const seen = new Set<OnnxNode>();
  const queue = [value];
  for (const next of queue) {
    const node = producerOf.get(next);
    if (!node || seen.has(node)) continue;
    if (node.opType === opType) return node;
    seen.add(node);
    queue.push(...node.input);
  }
  throw new Error(`The decoder graph has no ${opType} above ${value}: it is not the export that this version knows.`);
}

function renameOutput(graph: OnnxGraph, node: OnnxNode, name: string): void {
  const before = defined(node.output[0], 'output of the node');
  node.output[0] = name;
  for (const user of graph.node) user.input = user.input.map((input) => (input === before ? name : input));
}

const floatOutput = (name: string, shape: number[]): OnnxValueInfo => ({
  name,
  type: { tensorType: { elemType: ONNX_FLOAT32, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});

/** Removes every node, weight and input that no output needs. */
function prune({ graph }: OnnxModel): void {
  const producerOf = producers(graph);
  const needed = new Set<OnnxNode>();
  const values = graph.output.map(({ name }) => name);
  for (const value of values) {
    const node = producerOf.get(value);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    values.push(...node.input);
  }
  const used = new Set(values);
  graph.node = graph.node.filter((node) => needed.has(node));
  graph.initializer = graph.initializer.filter(({ name }) => name !== undefined && used.has(name));
  graph.input = graph.input.filter(({ name }) => used.has(name));
  graph.valueInfo = [];
}
