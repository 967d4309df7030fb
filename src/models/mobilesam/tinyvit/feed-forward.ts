import { type GraphBuilder, sizeOf, type Value } from '../../graphs/graph-builder.ts';
import { concat, gelu, layerNorm } from '../../graphs/graph-operations.ts';
import { partRows } from './arrange-rows.ts';
import type { Building } from './building.ts';

/**
 * Hidden values of a part: few enough to stay in the caches of the cores from the layer that computes them to the one
 * that reads them. Smaller parts gain nothing more, and each part has a copy of the weights when the graph is loaded
 * (docs/decisions/0005-compute-in-strips.md).
 */
const PART_SIZE = 1024 * 1024;

/**
 * Two linear layers, the first of which widens to four times the channels, computed for one part of the tokens after
 * the other.
 */
export function feedForward(graph: GraphBuilder, x: Value, layer: string, { weights, linears }: Building): Value {
  const normalised = linears.prepare(graph, layerNorm(graph, x, weights.norm(`${layer}/norm`)));
  const first = weights.linear(`${layer}/fc1`);
  const widen = linears.load(graph, first);
  const narrow = linears.load(graph, weights.linear(`${layer}/fc2`));
  const parts = partCount(sizeOf([x.shape[0]!, first.outputs]));
  const outputs = partRows(graph, normalised, parts).map((part) =>
    narrow(linears.prepare(graph, gelu(graph, widen(part)))),
  );
  return concat(graph, outputs, 0);
}

/** A power of two, which divides the tokens of every stage. */
const partCount = (size: number): number => 2 ** Math.ceil(Math.log2(size / PART_SIZE));
