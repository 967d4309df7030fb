import type { Precision } from '../choose-precision.ts';
import { createGraphBuilder, type GraphBuilder, type Value } from '../graph-builder.ts';
import type { OnnxCodec } from '../onnx-graph.ts';
import type { Building } from './building.ts';
import { convolutionStem } from './convolution-stem.ts';
import { downsampleImage, downsampleTokens } from './downsample.ts';
import { createLinears } from './linears.ts';
import { neck } from './neck.ts';
import { createShippedWeights } from './shipped-weights.ts';
import { HEAD_SIZE } from './split-qkv.ts';
import { transformerBlock } from './transformer-block.ts';
import { createWindowLayout } from './window-layout.ts';

/** Raised whenever this folder would build another graph from the same weights. */
export const REBUILD_VERSION = 1;

const INPUT_SHAPE = [1, 3, 1024, 1024];

interface Stage {
  blocks: number;
  gridSide: number;
  windowSide: number;
  /** Stride of the downsampling before the stage. */
  stride: number;
}

/** The stages of tokens of MobileSAM's TinyViT-5M at 1024 pixels; the shipped graph calls them layers 1 to 3. */
const STAGES: Stage[] = [
  { blocks: 2, gridSide: 128, windowSide: 7, stride: 2 },
  { blocks: 6, gridSide: 64, windowSide: 14, stride: 2 },
  { blocks: 2, gridSide: 64, windowSide: 7, stride: 1 },
];

/**
 * Builds MobileSAM's image encoder anew from the weights of its shipped graph: the same input and output, a quarter of the
 * nodes. Throws where the shipped graph is not the one that this version knows.
 */
export function rebuildEncoder(codec: OnnxCodec, file: Uint8Array, precision: Precision): Uint8Array {
  const weights = createShippedWeights(codec.decode(file));
  const building = { weights, linears: createLinears(precision) };
  const graph = createGraphBuilder();
  let x = convolutionStem(graph, graph.input('input', INPUT_SHAPE), weights);
  for (const [index, stage] of STAGES.entries()) {
    x = downsample(graph, x, index, building);
    const { gridSide, blocks } = stage;
    const layout = createWindowLayout(graph, stage, x.shape[1]! / HEAD_SIZE);
    for (let block = 0; block < blocks; block++) {
      x = transformerBlock(graph, x, { layer: `layers.${index + 1}/blocks.${block}`, gridSide, layout }, building);
    }
  }
  const embedding = neck(graph, x, STAGES.at(-1)!.gridSide, building);
  weights.checkAllTaken();
  return codec.encode(graph.finish(embedding, 'output'));
}

/** The downsampling before a stage belongs to the layer before it. */
function downsample(graph: GraphBuilder, x: Value, stage: number, building: Building): Value {
  const between = { layer: `layers.${stage}/downsample`, stride: STAGES[stage]!.stride };
  if (stage === 0) return downsampleImage(graph, x, between, building);
  return downsampleTokens(graph, x, { ...between, gridSide: STAGES[stage - 1]!.gridSide }, building);
}
