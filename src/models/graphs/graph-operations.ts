import { ANY_LENGTH, type GraphBuilder, MICROSOFT_DOMAIN, sizeOf, type Value } from './graph-builder.ts';
import { ONNX_FLOAT16, ONNX_FLOAT32 } from './onnx-graph.ts';

// One function for each operator that rebuilt graphs use. Each checks what it can of its shapes, because a mistake that
// happens to fit would only show in the values.

/**
 * Gives a tensor another shape, with its values in the same order; costs nothing. An unknown length follows from the
 * other lengths.
 *
 * @throws Error for a shape of another size
 */
export function reshape(graph: GraphBuilder, x: Value, shape: readonly number[]): Value {
  const isKnown = !x.shape.includes(ANY_LENGTH) && !shape.includes(ANY_LENGTH);
  if (isKnown && sizeOf(x.shape) !== sizeOf(shape)) throw new Error(`[${x.shape}] cannot be reshaped to [${shape}].`);
  const target = graph.constant([shape.length], BigInt64Array.from(shape, BigInt));
  return graph.node('Reshape', [x, target], [shape])[0]!;
}

/** Permutes the axes of a tensor: output axis i is input axis `order[i]`. */
export function transpose(graph: GraphBuilder, x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => x.shape[axis]!);
  return graph.node('Transpose', [x], [shape], { attributes: { perm: order } })[0]!;
}

/** Casts a tensor to half precision, rounded to the nearest. */
export function toHalf(graph: GraphBuilder, x: Value): Value {
  return { ...cast(graph, x, ONNX_FLOAT16), isHalf: true };
}

/** Casts a tensor to single precision. */
export const toSingle = (graph: GraphBuilder, x: Value): Value => cast(graph, x, ONNX_FLOAT32);

function cast(graph: GraphBuilder, x: Value, type: number): Value {
  return graph.node('Cast', [x], [x.shape], { attributes: { to: type } })[0]!;
}

/**
 * Elementwise sum. `y` may have axes of length 1 where `x` has more; an unknown length is assumed to fit.
 *
 * @throws Error for shapes that do not fit
 */
export function add(graph: GraphBuilder, x: Value, y: Value): Value {
  const fits = x.shape.every((length, axis) => [length, 1, ANY_LENGTH].includes(y.shape[axis]!));
  if (!fits) throw new Error(`[${y.shape}] cannot be added to [${x.shape}].`);
  return graph.node('Add', [x, y], [x.shape])[0]!;
}

/** Gaussian error linear unit, computed exactly rather than by the tanh approximation. */
export function gelu(graph: GraphBuilder, x: Value): Value {
  return graph.node('Gelu', [x], [x.shape], { domain: MICROSOFT_DOMAIN })[0]!;
}

/**
 * Operands of attention: `[batch, tokens, channels]` each, and a bias `[1, heads, tokens, tokens]` that is added to the
 * scores.
 */
export interface Attended {
  query: Value;
  key: Value;
  value: Value;
  bias: Value;
}

/**
 * Multi-head attention, with scores divided by the root of the channels of a head: `[batch, tokens, channels]`, with
 * the heads one after the other in the channels of all operands. Source: ONNX, `Attention` of opset 23.
 */
export function attend(graph: GraphBuilder, { query, key, value, bias }: Attended, heads: number): Value {
  const attributes = { q_num_heads: heads, kv_num_heads: heads };
  return graph.node('Attention', [query, key, value, bias], [query.shape], { attributes })[0]!;
}

/** Softmax over the last axis. */
export function softmax(graph: GraphBuilder, x: Value): Value {
  return graph.node('Softmax', [x], [x.shape], { attributes: { axis: x.shape.length - 1 } })[0]!;
}

/** A layer normalisation: scale and shift of each channel. */
export interface Norm {
  scale: Float32Array;
  shift: Float32Array;
  epsilon: number;
}

/** Layer normalisation over the last axis. */
export function layerNorm(graph: GraphBuilder, x: Value, { scale, shift, epsilon }: Norm): Value {
  const channels = x.shape.at(-1)!;
  const affine = [graph.constant([channels], scale), graph.constant([channels], shift)];
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  return graph.node('LayerNormalization', [x, ...affine], [x.shape], { attributes })[0]!;
}

/** A square convolution kernel: weights `[outputs, inputs / groups, side, side]`. */
export interface Convolution {
  outputs: number;
  inputsPerGroup: number;
  side: number;
  weight: Float32Array;
  bias?: Float32Array;
}

/** A convolution kernel whose weights are in a graph; it may be applied any number of times. */
export interface Kernel extends Omit<Convolution, 'weight' | 'bias'> {
  operands: Value[];
}

/** Adds the weights of a kernel to the graph. */
export function loadKernel(graph: GraphBuilder, { weight, bias, ...kernel }: Convolution): Kernel {
  const { outputs, inputsPerGroup, side } = kernel;
  const operands = [graph.constant([outputs, inputsPerGroup, side, side], weight)];
  if (bias) operands.push(graph.constant([outputs], bias));
  return { ...kernel, operands };
}

/**
 * Stride and padding of a convolution. `above` and `below` are the rows of zeros added to the image, by default as many
 * as the columns added on its left and right.
 */
export interface ConvolutionOptions {
  stride?: number;
  above?: number;
  below?: number;
}

/**
 * Convolution of `[1, channels, height, width]`: padded so that a stride of 1 keeps height and width where the kernel's
 * side is odd, not padded where it is even.
 *
 * @throws Error for channels that the kernel does not divide
 */
export function convolve(
  graph: GraphBuilder,
  x: Value,
  { outputs, inputsPerGroup, side, operands }: Kernel,
  { stride = 1, above = paddingOf(side), below = above }: ConvolutionOptions = {},
): Value {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const groups = channels / inputsPerGroup;
  if (!Number.isInteger(groups)) throw new Error(`A kernel of ${inputsPerGroup} channels cannot take ${channels}.`);
  const beside = paddingOf(side);
  const length = (padded: number) => Math.floor((padded - side) / stride) + 1;
  const shape = [1, outputs, length(height + above + below), length(width + 2 * beside)];
  return graph.node('Conv', [x, ...operands], [shape], {
    attributes: {
      kernel_shape: [side, side],
      pads: [above, beside, below, beside],
      strides: [stride, stride],
      dilations: [1, 1],
      group: groups,
    },
  })[0]!;
}

/**
 * Zeros to add on each side of an image so that a convolution with an odd kernel of stride 1 keeps its size; none for
 * an even kernel.
 */
export const paddingOf = (side: number): number => (side % 2 === 1 ? (side - 1) / 2 : 0);

/** Slice of a tensor along an axis, from index `from` up to but not including `to`. */
export function slice(graph: GraphBuilder, x: Value, axis: number, [from, to]: [number, number]): Value {
  const places = [from, to, axis].map((place) => graph.constant([1], BigInt64Array.of(BigInt(place))));
  return graph.node('Slice', [x, ...places], [x.shape.with(axis, to - from)])[0]!;
}

/** Entries of a tensor along an axis in the given order, in which an index may occur several times or not at all. */
export function gather(graph: GraphBuilder, x: Value, order: Value, axis: number): Value {
  const shape = x.shape.with(axis, order.shape[0]!);
  return graph.node('Gather', [x, order], [shape], { attributes: { axis } })[0]!;
}

/** Appends to a matrix a row of zeros, or of the value that stands for zero. */
export function appendZeroRow(graph: GraphBuilder, matrix: Value, zero?: Value): Value {
  const [rows, columns] = matrix.shape as [number, number];
  const counts = graph.constant([4], BigInt64Array.of(0n, 0n, 1n, 0n));
  return graph.node('Pad', [matrix, counts, ...(zero ? [zero] : [])], [[rows + 1, columns]])[0]!;
}

/**
 * Splits the rows of a matrix into parts of equal size.
 *
 * @throws Error for a number of parts that does not divide the rows
 */
export function splitRows(graph: GraphBuilder, matrix: Value, parts: number): Value[] {
  const [rows, columns] = matrix.shape as [number, number];
  if (rows % parts !== 0) throw new Error(`${rows} rows cannot be split into ${parts} parts.`);
  const sizes = new BigInt64Array(parts).fill(BigInt(rows / parts));
  const shapes = Array.from({ length: parts }, () => [rows / parts, columns]);
  return graph.node('Split', [matrix, graph.constant([parts], sizes)], shapes, { attributes: { axis: 0 } });
}

/**
 * Concatenates tensors along an axis.
 *
 * @throws Error for tensors whose other axes differ
 */
export function concat(graph: GraphBuilder, tensors: Value[], axis: number): Value {
  const lengths = tensors.map((tensor) => tensor.shape[axis]!);
  const total = lengths.includes(ANY_LENGTH) ? ANY_LENGTH : lengths.reduce((sum, length) => sum + length, 0);
  const shape = tensors[0]!.shape.with(axis, total);
  const fits = tensors.every((tensor) => shape.every((length, i) => i === axis || tensor.shape[i] === length));
  if (!fits) throw new Error(`[${tensors.map((tensor) => `[${tensor.shape}]`)}] cannot be joined along axis ${axis}.`);
  return graph.node('Concat', tensors, [shape], { attributes: { axis } })[0]!;
}

/** Rectified linear unit. */
export function relu(graph: GraphBuilder, x: Value): Value {
  return graph.node('Relu', [x], [x.shape])[0]!;
}

/** Elementwise product. `y` may have axes of length 1 where `x` has more. */
export function multiply(graph: GraphBuilder, x: Value, y: Value): Value {
  return graph.node('Mul', [x, y], [x.shape])[0]!;
}

/**
 * Products of the matrices in the last two axes; the axes before must be equal in both.
 *
 * @throws Error for matrices that cannot be multiplied
 */
export function matMul(graph: GraphBuilder, x: Value, y: Value): Value {
  const [rows, inner] = x.shape.slice(-2) as [number, number];
  const [length, columns] = y.shape.slice(-2) as [number, number];
  if (inner !== length) throw new Error(`[${x.shape}] cannot be multiplied by [${y.shape}].`);
  return graph.node('MatMul', [x, y], [[...x.shape.slice(0, -2), rows, columns]])[0]!;
}

/**
 * Options of `gemm`, which multiplies `[rows, inner]` by `[inner, columns]` (transposed: `[columns, inner]`): whether
 * `y` is transposed, and what is added to the product.
 */
export interface GemmOptions {
  transposed?: boolean;
  /** `[columns]`, or `[rows, columns]`. */
  plus?: Value;
}

/**
 * Product of two matrices plus an optional bias.
 *
 * @throws Error for matrices that cannot be multiplied
 */
export function gemm(graph: GraphBuilder, x: Value, y: Value, { transposed = false, plus }: GemmOptions = {}): Value {
  const [rows, inner] = x.shape as [number, number];
  const [length, columns] = (transposed ? y.shape.toReversed() : y.shape) as [number, number];
  if (inner !== length) throw new Error(`[${x.shape}] cannot be multiplied by [${length},${columns}].`);
  const attributes = { transB: transposed ? 1 : 0 };
  return graph.node('Gemm', plus ? [x, y, plus] : [x, y], [[rows, columns]], { attributes })[0]!;
}
