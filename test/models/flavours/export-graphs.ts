import { createGraphBuilder, type GraphBuilder, type Value } from '../../../src/models/graphs/graph-builder.ts';
import { createOnnxCodec, ONNX_INT64, type OnnxModel } from '../../../src/models/graphs/onnx-graph.ts';

// Small graphs with the inputs and outputs of public exports. What they compute is known: the encoder averages colours,
// and the decoder draws a disc around each foreground point and the box between its corners, takes the discs of
// background points away, and answers only where the image has a given colour. So a wrong name, shape, scale, label or
// normalisation shows in the mask.

/** Radius of a disc in model pixels, by mask: 0 for several clicks, 1 to 3 the candidates. */
export const RADII = [120, 100, 60, 150];
/** Scores of the masks in the same order; the best candidate is the third. */
export const SCORES = [0.9, 0.6, 0.8, 0.7];
/** Factor of the radius once the mask of a run before is fed back. */
export const FED_BACK = 2;

const BIG = 1e6;
const FLOAT = 1;

/** How an export differs from the others. */
export interface ExportShape {
  encoderInput: string;
  encoderOutputs: readonly string[];
  /** Which of the masks it answers. */
  masks: readonly number[];
  /** What the click that stands for none must be: there with points alone, or never. */
  padding: 'with points' | 'never';
  takesMask: boolean;
  answers: { logits: string; scores: string };
  /** Coordinates are `[1, 1, n, 2]` in pixels of `orig_im_size`, and masks have one axis more. */
  isBatched?: boolean;
  /** Takes the size of the image as floats and scales an answer of its own to it. */
  takesSize?: boolean;
  /** Values of the colour that the mask is to lie on, as the encoder gets them. */
  colour: readonly number[];
}

/** Each feature map of the encoder: its side, and its channels, of which the first three are red, green and blue. */
const FEATURES = [
  { side: 64, channels: 256 },
  { side: 256, channels: 32 },
  { side: 128, channels: 64 },
];
/** SAM 2 has the maps with more detail first. */
const featuresOf = (names: readonly string[]) =>
  names.length === 1 ? [FEATURES[0]!] : [FEATURES[1]!, FEATURES[2]!, FEATURES[0]!];

export function encoderOf({ encoderInput, encoderOutputs }: ExportShape): Uint8Array {
  const graph = createGraphBuilder();
  const planes = graph.input(encoderInput, [1, 3, 1024, 1024]);
  const maps = featuresOf(encoderOutputs).map((feature) => averages(graph, planes, feature));
  return createOnnxCodec().encode(graph.finish(Object.fromEntries(encoderOutputs.map((name, i) => [name, maps[i]!]))));
}

function averages(graph: GraphBuilder, planes: Value, { side, channels }: (typeof FEATURES)[number]): Value {
  const cell = 1024 / side;
  const weight = new Float32Array(channels * 3 * cell * cell);
  for (let channel = 0; channel < 3; channel++) {
    const start = (channel * 3 + channel) * cell * cell;
    weight.fill(1 / (cell * cell), start, start + cell * cell);
  }
  const kernel = graph.constant([channels, 3, cell, cell], weight);
  const attributes = {
    kernel_shape: [cell, cell],
    strides: [cell, cell],
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
    group: 1,
  };
  return graph.node('Conv', [planes, kernel], [[1, channels, side, side]], { attributes })[0]!;
}

export function decoderOf(shape: ExportShape): Uint8Array {
  const { encoderOutputs, masks, isBatched = false } = shape;
  const graph = createGraphBuilder();
  const ops = operations(graph);
  const features = featuresOf(encoderOutputs);
  const maps = encoderOutputs.map((name, i) =>
    graph.input(name, [1, features[i]!.channels, features[i]!.side, features[i]!.side]),
  );
  const names = isBatched ? ['batched_point_coords', 'batched_point_labels'] : ['point_coords', 'point_labels'];
  let coords = graph.input(names[0]!, isBatched ? [1, 1, 0, 2] : [1, 0, 2]);
  const labels = ops.reshape(graph.input(names[1]!, isBatched ? [1, 1, 0] : [1, 0]), [-1, 1, 1, 1]);
  if (isBatched) coords = ops.toModelPixels(coords, graph.input('orig_im_size', [2]));
  const mask = shape.takesMask ? graph.input('mask_input', [1, 1, 256, 256]) : undefined;
  const hasMask = shape.takesMask ? graph.input('has_mask_input', [1]) : undefined;
  const size = shape.takesSize ? graph.input('orig_im_size', [2]) : undefined;

  const [x, y] = graph.node('Split', [ops.reshape(coords, [-1, 2, 1, 1])], [[1], [1]], {
    attributes: { axis: 1, num_outputs: 2 },
  });
  const is = (label: number) => ops.isEqual(labels, label);
  const squares = ops.column(masks.map((index) => RADII[index]! ** 2));
  const factor = mask && hasMask ? ops.growth(mask, hasMask) : ops.scalar(1);
  const nearness = ops.sub(ops.mul(squares, factor), ops.distances(x!, y!));
  const foreground = ops.highest(ops.where(is(1), nearness, ops.scalar(-BIG)));
  const background = ops.highest(ops.where(is(0), nearness, ops.scalar(-BIG)));
  const box = ops.rectangle({ x: x!, y: y!, isTopLeft: is(2), isBottomRight: is(3) });
  const hasPadding = ops.count(is(-1));
  const hasBox = ops.count(is(2));
  const wantsPadding = shape.padding === 'never' ? ops.scalar(0) : ops.sub(ops.scalar(1), hasBox);
  const wrongPadding = ops.mul(ops.abs(ops.sub(hasPadding, wantsPadding)), ops.scalar(-BIG));
  const seen = maps.map((map, i) => ops.onColour(map, features[i]!.side, shape.colour));
  const drawn = ops.min([ops.max([foreground, box]), ops.neg(background), ...seen]);
  const logits = ops.reshape(
    ops.add(ops.add(drawn, wrongPadding), ops.zeros(masks.length)),
    isBatched ? [1, 1, masks.length, 256, 256] : [1, masks.length, 256, 256],
  );
  const all = graph.constant(
    [1, masks.length],
    Float32Array.from(masks, (index) => SCORES[index]!),
  );
  const scores = ops.add(ops.mul(ops.highest(logits, 0), ops.scalar(0)), all);
  const answers: Record<string, Value> = { [shape.answers.logits]: logits, [shape.answers.scores]: scores };
  // As SAM's own export does, an answer at the size of the image, under a name that must not be taken for the logits.
  if (size) answers.masks = ops.mul(ops.highest(logits, 0), ops.reshape(size, [1, 2]));
  return createOnnxCodec().encode(withOpenShapes(graph.finish(answers), isBatched));
}

/** Marks the number of clicks as open, and the size of a batched export as whole numbers. */
function withOpenShapes(model: OnnxModel, isBatched: boolean): OnnxModel {
  for (const { name, type } of model.graph.input) {
    for (const dim of type!.tensorType.shape.dim) if (dim.dimValue === 0) delete dim.dimValue;
    if (isBatched && name === 'orig_im_size') type!.tensorType.elemType = ONNX_INT64;
  }
  return model;
}

/** Operators by what they are for here. Shapes are only right where the graph has them as outputs. */
function operations(graph: GraphBuilder) {
  const one = (opType: string, inputs: (Value | undefined)[], attributes = {}, shape: number[] = [1]) =>
    graph.node(opType, inputs, [shape], { attributes })[0]!;
  const scalar = (value: number) => graph.constant([1], Float32Array.of(value));
  const integers = (values: number[]) => graph.constant([values.length], BigInt64Array.from(values, BigInt));
  const grid = Float32Array.from({ length: 256 }, (_, i) => 4 * (i + 0.5));
  const columns = graph.constant([1, 1, 1, 256], grid);
  const rows = graph.constant([1, 1, 256, 1], grid);
  const sub = (a: Value, b: Value) => one('Sub', [a, b]);
  const mul = (a: Value, b: Value) => one('Mul', [a, b]);
  const min = (values: Value[]) => one('Min', values);
  const reshape = (value: Value, shape: number[]) => one('Reshape', [value, integers(shape)], {}, shape);
  const toFloat = (value: Value) => one('Cast', [value], { to: FLOAT });
  const sumOf = (value: Value, isWanted: Value) =>
    one('ReduceSum', [mul(value, toFloat(isWanted)), integers([0])], { keepdims: 1 });
  const isEqual = (value: Value, to: number) => one('Equal', [value, scalar(to)]);
  const count = (flags: Value) => one('ReduceSum', [toFloat(flags), integers([0])], { keepdims: 1 });

  return {
    scalar,
    sub,
    mul,
    min,
    reshape,
    isEqual,
    count,
    add: (a: Value, b: Value) => one('Add', [a, b], {}, [...b.shape]),
    max: (values: Value[]) => one('Max', values),
    neg: (value: Value) => one('Neg', [value]),
    abs: (value: Value) => one('Abs', [value]),
    where: (flags: Value, yes: Value, no: Value) => one('Where', [flags, yes, no]),
    column: (values: number[]) => graph.constant([1, values.length, 1, 1], Float32Array.from(values)),
    zeros: (masks: number) => graph.constant([1, masks, 256, 256], new Float32Array(masks * 256 * 256)),
    /** Over all clicks, or over everything. */
    highest: (value: Value, axis?: number) =>
      axis === undefined
        ? one('ReduceMax', [value, integers([0])], { keepdims: 1 })
        : one('Reshape', [one('ReduceMax', [value], { keepdims: 0 }), integers([1, 1])], {}, [1, 1]),
    distances: (x: Value, y: Value) => {
      const square = (value: Value) => mul(value, value);
      return one('Add', [square(sub(columns, x)), square(sub(rows, y))]);
    },
    rectangle: ({ x, y, isTopLeft, isBottomRight }: Record<'x' | 'y' | 'isTopLeft' | 'isBottomRight', Value>) => {
      const inside = min([
        sub(columns, sumOf(x, isTopLeft)),
        sub(sumOf(x, isBottomRight), columns),
        sub(rows, sumOf(y, isTopLeft)),
        sub(sumOf(y, isBottomRight), rows),
      ]);
      const absence = mul(sub(count(isTopLeft), scalar(1)), scalar(BIG));
      return one('Add', [inside, absence]);
    },
    /** The factor of squared radii: 4 with a mask that has something in it, 1 without. */
    growth: (mask: Value, hasMask: Value) => {
      const isFilled = toFloat(one('Greater', [one('ReduceMax', [mask], { keepdims: 1 }), scalar(0)]));
      return one('Add', [scalar(1), mul(mul(isFilled, hasMask), scalar(FED_BACK ** 2 - 1))]);
    },
    toModelPixels: (coords: Value, size: Value) => {
      const [height, width] = graph.node('Split', [toFloat(size)], [[1], [1]], {
        attributes: { axis: 0, num_outputs: 2 },
      });
      const scale = one('Div', [scalar(1024), one('Concat', [width!, height!], { axis: 0 })]);
      return mul(coords, reshape(scale, [1, 1, 1, 2]));
    },
    /** Above zero where the map has the colour, to a twentieth; one value for each cell of the 256 grid. */
    onColour: (map: Value, side: number, colour: readonly number[]) => {
      const [rgb] = graph.node('Slice', [map, integers([0]), integers([3]), integers([1])], [[1, 3, side, side]]);
      const wanted = graph.constant([1, 3, 1, 1], Float32Array.from(colour));
      const off = one('ReduceMax', [one('Abs', [sub(rgb!, wanted)]), integers([1])], { keepdims: 1 }, [
        1,
        1,
        side,
        side,
      ]);
      const scales = graph.constant([4], Float32Array.of(1, 1, 256 / side, 256 / side));
      const fine = one('Resize', [off, undefined, scales]);
      return mul(sub(scalar(0.05), fine), scalar(BIG));
    },
  };
}
