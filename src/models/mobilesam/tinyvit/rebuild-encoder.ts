import { defined } from '#contract/defined';
import { type InputSize, SQUARE } from '../../aspect-buckets.ts';
import type { Precision } from '../../choose-precision.ts';
import { createGraphBuilder } from '../../graphs/graph-builder.ts';
import { toHalf } from '../../graphs/graph-operations.ts';
import type { OnnxCodec } from '../../graphs/onnx-graph.ts';
import { createShippedWeights } from '../shipped-weights.ts';
import { convolutionStem } from './convolution-stem.ts';
import { downsample } from './downsample.ts';
import { fillSquare } from './fill-square.ts';
import { createLinears } from './linears.ts';
import { neck } from './neck.ts';
import type { TokenGrid } from './token-grid.ts';
import { transformerBlock } from './transformer-block.ts';
import { createWindowLayout } from './window-layout.ts';

interface Stage {
  blocks: number;
  /** Side in model pixels of the square that a token stands for. */
  tokenSide: number;
  windowSide: number;
}

/** The stages of tokens of MobileSAM's TinyViT-5M; the shipped graph calls them layers 1 to 3. */
const STAGES: Stage[] = [
  { blocks: 2, tokenSide: 8, windowSide: 7 },
  { blocks: 6, tokenSide: 16, windowSide: 14 },
  { blocks: 2, tokenSide: 16, windowSide: 7 },
];

/**
 * Rebuilds MobileSAM's image encoder from the weights of its shipped graph: the same input, and the same output in half
 * precision, with far fewer nodes (docs/decisions/0001-rebuild-the-graphs.md). The input may be smaller than the
 * square, each side a multiple of 64 model pixels; the output always covers the whole square.
 *
 * @throws if the shipped graph is not the one that this version knows
 */
export function rebuildEncoder(
  codec: OnnxCodec,
  file: Uint8Array,
  precision: Precision,
  input: InputSize = SQUARE,
): Uint8Array {
  const weights = createShippedWeights(codec.decode(file));
  const building = { weights, linears: createLinears(precision) };
  const graph = createGraphBuilder();
  let x = convolutionStem(graph, graph.input('input', [1, 3, input.height, input.width]), weights);
  for (const [index, stage] of STAGES.entries()) {
    const before = STAGES[index - 1];
    if (before) {
      const stride = stage.tokenSide / before.tokenSide;
      x = downsample(
        graph,
        x,
        { layer: `layers.${index}/downsample`, stride, grid: tokenGrid(input, before) },
        building,
      );
    }
    const grid = tokenGrid(input, stage);
    const layout = createWindowLayout(graph, { grid, windowSide: stage.windowSide });
    for (let block = 0; block < stage.blocks; block++) {
      x = transformerBlock(graph, x, { layer: `layers.${index + 1}/blocks.${block}`, grid, layout }, building);
    }
  }
  const embedding = neck(graph, x, tokenGrid(input, defined(STAGES.at(-1), 'last stage')), building);
  weights.checkAllTaken();
  return codec.encode(graph.finish({ output: toHalf(graph, fillSquare(graph, embedding)) }));
}

const tokenGrid = ({ width, height }: InputSize, { tokenSide }: Stage): TokenGrid => ({
  columns: width / tokenSide,
  rows: height / tokenSide,
});
