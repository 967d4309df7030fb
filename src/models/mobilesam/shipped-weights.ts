import type { Convolution, Norm } from '../graphs/graph-operations.ts';
import { ONNX_FLOAT32, type OnnxModel, type OnnxNode, type OnnxTensor } from '../graphs/onnx-graph.ts';

/** A linear layer: `weight` is `[inputs, outputs]`, row-major. */
export interface Linear {
  inputs: number;
  outputs: number;
  weight: Float32Array;
  bias?: Float32Array;
}

/** A transposed convolution: each pixel becomes a square of pixels. */
export interface Deconvolution {
  inputs: number;
  outputs: number;
  side: number;
  /** `[inputs, outputs, side, side]`, row-major. */
  weight: Float32Array;
  bias: Float32Array;
}

/** A tensor as it stands in the shipped graph. */
export interface Weight {
  shape: number[];
  data: Float32Array;
}

/**
 * Weights of the shipped graph by the path of their layer in the model, such as `layers.1/blocks.0/attn/qkv`: the
 * export named its nodes by the path of modules that they come from.
 *
 * @throws every method does if the layer is not built as expected
 */
export interface ShippedWeights {
  convolution(layer: string): Convolution;
  linear(layer: string): Linear;
  /** A convolution of side 1, which is a linear layer on every pixel. */
  pointwise(layer: string): Linear;
  /** A layer normalisation that was exported as arithmetic. */
  norm(layer: string): Norm;
  /** A layer normalisation that was exported as one node. */
  layerNorm(layer: string): Norm;
  /** A linear layer that was exported as one node. */
  gemm(layer: string): Linear;
  /** A transposed convolution whose stride is the side of its kernel: `weight` is `[inputs, outputs, side, side]`. */
  deconvolution(layer: string): Deconvolution;
  /** The weight among the inputs of a node. */
  operand(node: string): Weight;
  /** A weight by the end of its name. */
  tensor(name: string): Weight;
  /** The constant that an attention adds to its scores: `[heads, tokens, tokens]`. */
  attentionBias(attention: string): Weight;
  /**
   * Checks that every weight of the graph has been used.
   *
   * @throws if a weight has not been asked for
   */
  checkAllTaken(): void;
}

/** Finds the weights of the shipped graph. */
export function createShippedWeights({ graph }: OnnxModel): ShippedWeights {
  const nodes = new Map(graph.node.map((node) => [node.name, node]));
  const producers = new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node])));
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name!, tensor]));
  const taken = new Set<string>();

  function node(name: string): OnnxNode {
    return nodes.get(name) ?? unexpected(`it has no node ${name}`);
  }

  /** Weights among the inputs of a node, in order. */
  function weightsOf({ name, input }: OnnxNode, count: number): Weight[] {
    const names = input.filter((each) => weights.has(each));
    if (names.length !== count) unexpected(`${name} has ${names.length} weights instead of ${count}`);
    for (const each of names) taken.add(each);
    return names.map((each) => readFloats(weights.get(each)!));
  }

  const onlyWeight = (name: string) => weightsOf(node(name), 1)[0]!;

  /** The constant among the inputs of a node. */
  function constantOf({ name, input }: OnnxNode): Weight {
    const constant = input.map((each) => producers.get(each)).find((producer) => producer?.opType === 'Constant');
    const tensor = constant?.attribute?.find((attribute) => attribute.name === 'value')?.t;
    return tensor ? readFloats(tensor) : unexpected(`${name} has no constant`);
  }

  function convolution(layer: string): Convolution {
    const conv = node(`/${layer}/Conv`);
    const [{ shape, data }, bias] = weightsOf(conv, conv.input.length - 1) as [Weight, Weight?];
    const [outputs, inputsPerGroup, side, otherSide] = shape as [number, number, number, number];
    if (side !== otherSide) unexpected(`the kernel of ${layer} is not square`);
    return { outputs, inputsPerGroup, side, weight: data, bias: bias?.data };
  }

  return {
    convolution,

    linear: (layer) => {
      const { shape, data } = onlyWeight(`/${layer}/MatMul`);
      const [inputs, outputs] = shape as [number, number];
      return { inputs, outputs, weight: data, bias: onlyWeight(`/${layer}/Add`).data };
    },

    pointwise: (layer) => {
      const { outputs, inputsPerGroup: inputs, side, weight, bias } = convolution(layer);
      if (side !== 1) unexpected(`the kernel of ${layer} has a side of ${side}`);
      return { inputs, outputs, weight: transposed(weight, outputs, inputs), bias };
    },

    norm: (layer) => ({
      scale: onlyWeight(`/${layer}/Mul`).data,
      shift: onlyWeight(`/${layer}/Add_1`).data,
      epsilon: constantOf(node(`/${layer}/Add`)).data[0]!,
    }),

    layerNorm: (layer) => {
      const normalisation = node(`/${layer}/LayerNormalization`);
      const [scale, shift] = weightsOf(normalisation, 2) as [Weight, Weight];
      const epsilon = normalisation.attribute?.find(({ name }) => name === 'epsilon')?.f;
      return { scale: scale.data, shift: shift.data, epsilon: epsilon ?? unexpected(`${layer} has no epsilon`) };
    },

    gemm: (layer) => {
      const [{ shape, data }, bias] = weightsOf(node(`/${layer}/Gemm`), 2) as [Weight, Weight];
      const [outputs, inputs] = shape as [number, number];
      return { inputs, outputs, weight: transposed(data, outputs, inputs), bias: bias.data };
    },

    deconvolution: (layer) => {
      const [{ shape, data }, bias] = weightsOf(node(`/${layer}/ConvTranspose`), 2) as [Weight, Weight];
      const [inputs, outputs, side] = shape as [number, number, number];
      return { inputs, outputs, side, weight: data, bias: bias.data };
    },

    operand: (name) => onlyWeight(name),

    tensor: (end) => {
      const names = [...weights.keys()].filter((name) => name.endsWith(end));
      if (names.length !== 1) unexpected(`${names.length} of its weights are called ${end}`);
      taken.add(names[0]!);
      return readFloats(weights.get(names[0]!)!);
    },

    attentionBias: (attention) => constantOf(node(`/${attention}/Add`)),

    checkAllTaken: () => {
      const left = [...weights.keys()].filter((name) => !taken.has(name));
      if (left.length > 0) unexpected(`nothing is known to use ${left.join(', ')}`);
    },
  };
}

function readFloats({ name, dims, dataType, rawData }: OnnxTensor): Weight {
  const shape = dims.map(Number);
  // Values may start at any byte of the file, but not in a Float32Array.
  const data = dataType === ONNX_FLOAT32 ? new Float32Array(new Uint8Array(rawData).buffer) : undefined;
  if (data?.length !== shape.reduce((size, length) => size * length, 1)) {
    return unexpected(`the tensor ${name} does not hold float32 values of the shape [${shape}]`);
  }
  return { shape, data };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)]!);
}

function unexpected(what: string): never {
  throw new Error(`The graph is not the export that this version knows: ${what}.`);
}
