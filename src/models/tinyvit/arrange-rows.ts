import type { GraphBuilder, Value } from '../graph-builder.ts';
import { appendZeroRow, gather, reshape, splitRows } from '../graph-operations.ts';
import type { Rows } from './linears.ts';

/** Rows in another order. An index of one more than the last stands for a row of zeros if `withZeros` is set. */
export function moveRows(graph: GraphBuilder, rows: Rows, order: Value, { withZeros = false } = {}): Rows {
  const source = withZeros ? appendZeroRow(graph, rows.values, rows.quantised?.zeroPoint) : rows.values;
  return { ...rows, values: gather(graph, source, order, 0) };
}

/** The same values cut into rows of another length. */
export function regroupRows(graph: GraphBuilder, rows: Rows, channels: number): Rows {
  const [count, length] = rows.values.shape as [number, number];
  return { ...rows, values: reshape(graph, rows.values, [(count * length) / channels, channels]) };
}

/** The rows in parts of equal size, which must divide them. */
export function partRows(graph: GraphBuilder, rows: Rows, parts: number): Rows[] {
  return splitRows(graph, rows.values, parts).map((values) => ({ ...rows, values }));
}
