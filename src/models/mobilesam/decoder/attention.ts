import { ANY_LENGTH, type GraphBuilder, type Value } from '../../graphs/graph-builder.ts';
import { add, gemm, matMul, reshape, softmax, transpose } from '../../graphs/graph-operations.ts';
import type { Linear, ShippedWeights } from '../shipped-weights.ts';
import { linear } from './linear.ts';

// Attention with 8 heads: softmax(Q K' / sqrt(size)) V, where Q, K and V are linear layers of rows, followed by another
// linear layer. Tokens of the prompt are few and those of the image 4096, so linear layers of the image are moved to
// the prompt: with K = X W, Q K' = (Q W') X', head by head. What remains to be computed on the image are two products
// with as many columns or rows as the prompt has tokens in all heads, far fewer than the columns of the layers
// (docs/decisions/0014-decoder-attention.md).

const HEADS = 8;

/** Queries, keys and values of an attention before their linear layers: rows `[n, channels]` each. */
export interface Attended {
  queries: Value;
  keys: Value;
  values: Value;
}

/** Attention among tokens of the prompt. */
export function attendTokens(graph: GraphBuilder, x: Attended, layer: string, weights: ShippedWeights): Value {
  const [query, key, value] = [
    project(graph, x.queries, scaled(weights.linear(`${layer}/q_proj`))),
    project(graph, x.keys, weights.linear(`${layer}/k_proj`)),
    project(graph, x.values, weights.linear(`${layer}/v_proj`)),
  ];
  const scores = matMul(graph, query, transpose(graph, key, [0, 2, 1]));
  const attended = joinHeads(graph, matMul(graph, softmax(graph, scores), value));
  return linear(graph, attended, weights.linear(`${layer}/out_proj`));
}

/** Attention from tokens of the prompt to the image: few queries, many keys and values. */
export function attendToImage(graph: GraphBuilder, x: Attended, layer: string, weights: ShippedWeights): Value {
  const query = project(graph, x.queries, scaled(weights.linear(`${layer}/q_proj`)));
  // The bias of the keys adds the same to all scores of a query, and softmax ignores it.
  const keyed = matMul(graph, query, headRows(graph, weights.linear(`${layer}/k_proj`)));
  const scores = gemm(graph, allHeads(graph, keyed), x.keys, { transposed: true });
  const seen = gemm(graph, softmax(graph, scores), x.values);
  const valueLayer = weights.linear(`${layer}/v_proj`);
  const byHead = reshape(graph, seen, [HEADS, ANY_LENGTH, valueLayer.inputs]);
  const values = joinHeads(graph, matMul(graph, byHead, headColumns(graph, valueLayer)));
  // The weights of a query add up to 1, so the bias of the values may be added to their weighted sum.
  const attended = add(graph, values, graph.constant([1, valueLayer.outputs], valueLayer.bias!));
  return linear(graph, attended, weights.linear(`${layer}/out_proj`));
}

/**
 * Attention from the image to tokens of the prompt: many queries, few keys and values. `plus` `[n, channels]` is added
 * to the result.
 */
export function attendFromImage(
  graph: GraphBuilder,
  x: Attended & { plus: Value },
  layer: string,
  weights: ShippedWeights,
): Value {
  const queryLayer = scaled(weights.linear(`${layer}/q_proj`));
  const key = project(graph, x.keys, weights.linear(`${layer}/k_proj`));
  const value = project(graph, x.values, weights.linear(`${layer}/v_proj`));
  const out = weights.linear(`${layer}/out_proj`);

  const keyed = allHeads(graph, matMul(graph, key, headRows(graph, queryLayer)));
  const size = queryLayer.outputs / HEADS;
  const bias = matMul(graph, key, graph.constant([HEADS, size, 1], queryLayer.bias!));
  const scores = gemm(graph, x.queries, keyed, { transposed: true, plus: reshape(graph, bias, [ANY_LENGTH]) });
  const rows = x.queries.shape[0]!;
  const shares = softmax(graph, reshape(graph, scores, [rows, HEADS, ANY_LENGTH]));

  // The weights of a query add up to 1 in each head, so each head may contribute its part of the last bias.
  const part = graph.constant(
    [1, 1, out.outputs],
    out.bias!.map((each) => each / HEADS),
  );
  const produced = add(graph, matMul(graph, value, graph.constant([HEADS, size, out.outputs], out.weight)), part);
  return gemm(graph, reshape(graph, shares, [rows, ANY_LENGTH]), allHeads(graph, produced), { plus: x.plus });
}

/** Applies a linear layer head by head: `[n, inputs]` to `[heads, n, size]`. */
function project(graph: GraphBuilder, x: Value, layer: Linear): Value {
  const rows = reshape(graph, linear(graph, x, layer), [ANY_LENGTH, HEADS, layer.outputs / HEADS]);
  return transpose(graph, rows, [1, 0, 2]);
}

/** `[heads, n, size]` to `[n, heads * size]`. */
function joinHeads(graph: GraphBuilder, x: Value): Value {
  return reshape(graph, transpose(graph, x, [1, 0, 2]), [ANY_LENGTH, HEADS * x.shape[2]!]);
}

/** `[heads, n, channels]` to `[heads * n, channels]`. */
const allHeads = (graph: GraphBuilder, x: Value): Value => reshape(graph, x, [ANY_LENGTH, x.shape[2]!]);

/** The columns of a layer for each head, as rows: `[heads, size, inputs]`. */
function headRows(graph: GraphBuilder, { inputs, outputs, weight }: Linear): Value {
  const rows = weight.map((_, index) => weight[(index % inputs) * outputs + Math.floor(index / inputs)]!);
  return graph.constant([HEADS, outputs / HEADS, inputs], rows);
}

/** The columns of a layer for each head: `[heads, inputs, size]`. */
function headColumns(graph: GraphBuilder, { inputs, outputs, weight }: Linear): Value {
  const size = outputs / HEADS;
  const columns = weight.map((_, index) => {
    const row = Math.floor(index / size) % inputs;
    const head = Math.floor(index / (size * inputs));
    return weight[row * outputs + head * size + (index % size)]!;
  });
  return graph.constant([HEADS, inputs, size], columns);
}

/** A linear layer with its output divided by the root of the size of a head, as queries need it. */
function scaled({ weight, bias, ...layer }: Linear): Linear {
  const scale = 1 / Math.sqrt(layer.outputs / HEADS);
  return { ...layer, weight: weight.map((each) => each * scale), bias: bias!.map((each) => each * scale) };
}
