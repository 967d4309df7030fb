import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { appendZeroRow, gather, splitRows } from '../../graphs/graph-operations.ts';
import type { Rows } from './linears.ts';

/** Reorders rows. If `withZeros` is set, an index one beyond the last row stands for a row of zeros. */
export function moveRows(graph: GraphBuilder, rows: Rows, order: Value, { withZeros = false } = {}): Rows {
  const source = withZeros ? appendZeroRow(graph, rows.values, rows.quantised?.zeroPoint) : rows.values;
  return { ...rows, values: gather(graph, source, order, 0) };
}

/** Splits rows into parts of equal size, which must divide them. */
export function partRows(graph: GraphBuilder, rows: Rows, parts: number): Rows[] {
  return splitRows(graph, rows.values, parts).map((values) => ({ ...rows, values }));
}
