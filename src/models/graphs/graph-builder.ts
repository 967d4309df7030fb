import {
  ATTRIBUTE_TYPE,
  ONNX_BOOL,
  ONNX_FLOAT16,
  ONNX_FLOAT32,
  ONNX_INT8,
  ONNX_INT32,
  ONNX_INT64,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-graph.ts';

/** Length of an axis that is known only when the graph runs. A shape has at most one. */
export const ANY_LENGTH = -1;

/**
 * A value in a graph under construction: an output of a node, an input, or a constant. Shapes are static except for
 * ANY_LENGTH.
 */
export interface Value {
  name: string;
  shape: readonly number[];
  /** Set on inputs and possible outputs that are float16. Other inputs and outputs are float32. */
  isHalf?: boolean;
}

/** Numbers without a fraction are integers, unless marked by `float`. */
export type Attributes = Record<string, number | readonly number[] | { float: number }>;

/** Options of a node. */
export interface NodeOptions {
  attributes?: Attributes;
  domain?: string;
}

type ConstantData = Float32Array | Int8Array | Int32Array | BigInt64Array;

/** Builds an ONNX graph, node by node. */
export interface GraphBuilder {
  input(name: string, shape: readonly number[], options?: { isHalf?: boolean }): Value;
  /**
   * Adds a constant tensor, whose element type is that of its data.
   *
   * @throws unless the shape holds exactly the data
   */
  constant(shape: readonly number[], data: ConstantData): Value;
  /** Adds a node with one output for each of the given shapes. An input left out is `undefined`. */
  node(opType: string, inputs: (Value | undefined)[], shapes: (readonly number[])[], options?: NodeOptions): Value[];
  /**
   * Adds a condition: the value that `whenSet` builds if `condition` `[1]` is not 0, otherwise the value that
   * `otherwise` builds. Both need the same shape and a node made inside the branch. When the graph runs, only the nodes
   * of the chosen branch do.
   */
  choose(condition: Value, { whenSet, otherwise }: { whenSet(): Value; otherwise(): Value }): Value;
  /** The model so far, with outputs of the given names. */
  finish(outputs: Record<string, Value>): OnnxModel;
}

/**
 * Operators that onnxruntime adds to ONNX: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const MICROSOFT_DOMAIN = 'com.microsoft';

const IR_VERSION = 11;
const OPSETS = [
  { domain: '', version: 23 },
  { domain: MICROSOFT_DOMAIN, version: 1 },
];

/** Creates a builder of an empty ONNX graph. */
export function createGraphBuilder(): GraphBuilder {
  /** Nodes of the graph or, while a branch of a condition is built, of that branch. */
  let nodes: OnnxNode[] = [];
  let nodeCount = 0;
  const constants: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];

  function add(opType: string, node: Pick<OnnxNode, 'domain' | 'input' | 'attribute'>, shapes: (readonly number[])[]) {
    const name = `${opType}_${nodeCount++}`;
    const outputs = shapes.map((shape, index) => ({ name: `${name}_${index}`, shape }));
    nodes.push({ ...node, name, opType, output: outputs.map((output) => output.name) });
    return outputs;
  }

  /** Builds a subgraph of the nodes that `build` adds. It sees the values and constants of the enclosing graph. */
  function branch(name: string, build: () => Value): { graph: OnnxGraph; shape: readonly number[] } {
    const around = nodes;
    nodes = [];
    const value = build();
    const graph = {
      name,
      node: nodes,
      initializer: [],
      input: [],
      output: [valueInfo(value.name, value)],
      valueInfo: [],
    };
    nodes = around;
    return { graph, shape: value.shape };
  }

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
      const input = operands.map((operand) => operand?.name ?? '');
      const attribute = Object.entries(attributes).map(([key, value]) => toAttribute(key, value));
      return add(opType, { domain, input, attribute }, shapes);
    },

    choose: (condition, { whenSet, otherwise }) => {
      const [one, other] = [branch('then', whenSet), branch('else', otherwise)];
      if (`${one.shape}` !== `${other.shape}`) throw new Error(`[${one.shape}] cannot stand for [${other.shape}].`);
      const isSet = add('Cast', { input: [condition.name], attribute: [toAttribute('to', ONNX_BOOL)] }, [[1]])[0]!;
      const attribute = [
        { name: 'then_branch', type: ATTRIBUTE_TYPE.graph, g: one.graph },
        { name: 'else_branch', type: ATTRIBUTE_TYPE.graph, g: other.graph },
      ];
      return add('If', { input: [isSet.name], attribute }, [one.shape])[0]!;
    },

    finish: (outputs) => ({
      irVersion: IR_VERSION,
      opsetImport: OPSETS,
      producerName: 'kontur',
      graph: {
        name: 'kontur',
        node: nodes.map((node) => renameOutputs(node, outputs)),
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

/** Renames the given outputs in a node and in the nodes of its branches, to their names in the finished graph. */
function renameOutputs(node: OnnxNode, outputs: Record<string, Value>): OnnxNode {
  const nameOf = (value: string) => Object.entries(outputs).find(([, { name }]) => name === value)?.[0] ?? value;
  const renameIn = (graph: OnnxGraph) => ({ ...graph, node: graph.node.map((each) => renameOutputs(each, outputs)) });
  return {
    ...node,
    output: node.output.map(nameOf),
    input: node.input.map(nameOf),
    attribute: node.attribute?.map(({ g, ...attribute }) => (g ? { ...attribute, g: renameIn(g) } : attribute)),
  };
}

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
