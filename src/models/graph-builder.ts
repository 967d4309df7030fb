import {
  ATTRIBUTE_TYPE,
  ONNX_FLOAT16,
  ONNX_FLOAT32,
  ONNX_INT8,
  ONNX_INT32,
  ONNX_INT64,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-graph.ts';

/** A length that is known only when the graph runs. A shape has at most one. */
export const ANY_LENGTH = -1;

/** A value in a graph under construction: what a node puts out, an input, or a constant. Shapes are static but for ANY_LENGTH. */
export interface Value {
  name: string;
  shape: readonly number[];
  /** Set on inputs, and on what may be an output, that are float16. Other inputs and outputs are float32. */
  isHalf?: boolean;
}

/** Numbers without a fraction are integers, unless marked by `float`. */
export type Attributes = Record<string, number | readonly number[] | { float: number }>;

export interface NodeOptions {
  attributes?: Attributes;
  domain?: string;
}

type ConstantData = Float32Array | Int8Array | Int32Array | BigInt64Array;

export interface GraphBuilder {
  input(name: string, shape: readonly number[], options?: { isHalf?: boolean }): Value;
  /** A constant tensor, its type that of its data. Throws unless the shape holds all data. */
  constant(shape: readonly number[], data: ConstantData): Value;
  /** Adds a node with an output for each of the given shapes. An input left out is `undefined`. */
  node(opType: string, inputs: (Value | undefined)[], shapes: (readonly number[])[], options?: NodeOptions): Value[];
  /** The model so far, with outputs of the given names. */
  finish(outputs: Record<string, Value>): OnnxModel;
}

/** Operators that onnxruntime adds to ONNX (onnxruntime, docs/ContribOperators.md). */
export const MICROSOFT_DOMAIN = 'com.microsoft';

const IR_VERSION = 11;
const OPSETS = [
  { domain: '', version: 23 },
  { domain: MICROSOFT_DOMAIN, version: 1 },
];

export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const constants: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];

  return {
    input: (name, shape, { isHalf } = {}) => {
      const value = { name, shape, isHalf };
      inputs.push(valueInfo(name, value));
      return value;
    },

    constant: (shape, data) => {
      if (sizeOf(shape) !== data.length) throw new Error(`${data.length} values do not fill the shape [${shape}].`);
      const name = `constant_${constants.length}`;
      const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      constants.push({ name, dims: [...shape], dataType: elementType(data), rawData });
      return { name, shape };
    },

    node: (opType, operands, shapes, { attributes = {}, domain = '' } = {}) => {
      const name = `${opType}_${nodes.length}`;
      const outputs = shapes.map((shape, index) => ({ name: `${name}_${index}`, shape }));
      nodes.push({
        name,
        opType,
        domain,
        input: operands.map((operand) => operand?.name ?? ''),
        output: outputs.map((output) => output.name),
        attribute: Object.entries(attributes).map(([key, value]) => toAttribute(key, value)),
      });
      return outputs;
    },

    finish: (outputs) => ({
      irVersion: IR_VERSION,
      opsetImport: OPSETS,
      producerName: 'kontur',
      graph: {
        name: 'kontur',
        node: nodes.map((node) => ({
          ...node,
          output: node.output.map((each) => nameOfOutput(outputs, each)),
          input: node.input.map((each) => nameOfOutput(outputs, each)),
        })),
        initializer: constants,
        input: inputs,
        output: Object.entries(outputs).map(([name, value]) => valueInfo(name, value)),
        valueInfo: [],
      },
    }),
  };
}

/** Number of elements of a tensor whose shape has no ANY_LENGTH. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** The name that a value goes by in the finished graph. */
const nameOfOutput = (outputs: Record<string, Value>, value: string): string =>
  Object.entries(outputs).find(([, output]) => output.name === value)?.[0] ?? value;

const valueInfo = (name: string, { shape, isHalf }: Value): OnnxValueInfo => ({
  name,
  type: { tensorType: { elemType: isHalf ? ONNX_FLOAT16 : ONNX_FLOAT32, shape: { dim: shape.map(toDimension) } } },
});

const toDimension = (length: number) => (length === ANY_LENGTH ? { dimParam: 'length' } : { dimValue: length });

function elementType(data: ConstantData): number {
  if (data instanceof Float32Array) return ONNX_FLOAT32;
  if (data instanceof Int8Array) return ONNX_INT8;
  return data instanceof Int32Array ? ONNX_INT32 : ONNX_INT64;
}

function toAttribute(name: string, value: Attributes[string]): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if ('float' in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
}
