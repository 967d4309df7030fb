import type { Precision } from '../../choose-precision.ts';
import { type GraphBuilder, MICROSOFT_DOMAIN, type Value } from '../../graphs/graph-builder.ts';
import type { Linear } from '../shipped-weights.ts';
import { quantiseColumns } from './quantise-columns.ts';

/** Rows in the form that linear layers multiply, `[rows, channels]`. */
export interface Rows {
  values: Value;
  /** For values of unsigned 8 bits, which stand for `(value - zeroPoint) * scale`. Missing for floats. */
  quantised?: { scale: Value; zeroPoint: Value };
}

/** How linear layers are computed. */
export interface Linears {
  /**
   * Converts rows into the form that `apply` takes. Rows that are shared by several layers, or reordered, are converted
   * once.
   */
  prepare(graph: GraphBuilder, x: Value): Rows;
  /** Adds the weights of a layer to the graph; the result may be applied to any rows, any number of times. */
  load(graph: GraphBuilder, layer: Linear): ApplyLinear;
}

/** Applies a linear layer: `[rows, inputs]` to `[rows, outputs]`. */
export type ApplyLinear = (rows: Rows) => Value;

/** Returns linear layers of the given precision. */
export const createLinears = (precision: Precision): Linears =>
  precision === 'int8' ? quantisedLinears : floatLinears;

const floatLinears: Linears = {
  prepare: (_, x) => ({ values: x }),

  load: (graph, { inputs, outputs, weight, bias }) => {
    const matrix = graph.constant([inputs, outputs], weight);
    const biases = bias ? [graph.constant([outputs], bias)] : [];
    return ({ values }) => graph.node('Gemm', [values, matrix, ...biases], [[values.shape[0]!, outputs]])[0]!;
  },
};

/**
 * Linear layers in int8. Rows are quantised at run time, with one scale for all of them, to unsigned 8 bits: unsigned
 * by signed is the one product that processors have an instruction for.
 */
const quantisedLinears: Linears = {
  prepare: (graph, x) => {
    const [values, scale, zeroPoint] = graph.node('DynamicQuantizeLinear', [x], [x.shape, [], []]);
    return { values: values!, quantised: { scale: scale!, zeroPoint: zeroPoint! } };
  },

  load: (graph, { inputs, outputs, weight, bias }) => {
    const matrix = quantiseColumns(weight, outputs);
    const values = graph.constant([inputs, outputs], matrix.values);
    const scales = graph.constant([outputs], matrix.scales);
    const zeroPoints = graph.constant([outputs], new Int8Array(outputs));
    const biases = bias ? [graph.constant([outputs], bias)] : [];
    return (rows) => {
      const { scale, zeroPoint } = rows.quantised!;
      const operands = [rows.values, values, scale, scales, zeroPoint, zeroPoints, ...biases];
      const shape = [rows.values.shape[0]!, outputs];
      return graph.node('MatMulIntegerToFloat', operands, [shape], { domain: MICROSOFT_DOMAIN })[0]!;
    };
  },
};
