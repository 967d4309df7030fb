import protobuf from 'protobufjs/light.js';

/** The parts of an ONNX model that Kontur reads or writes. All other fields of a file are preserved unread. */
export interface OnnxModel {
  irVersion?: number;
  opsetImport?: { domain: string; version: number }[];
  producerName?: string;
  graph: OnnxGraph;
}
/** A graph of an ONNX model (onnx.proto, GraphProto). */
export interface OnnxGraph {
  name?: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
}
/** A node of an ONNX graph (onnx.proto, NodeProto). */
export interface OnnxNode {
  input: string[];
  output: string[];
  name?: string;
  opType: string;
  /** Operator set; missing or empty is ONNX's own. */
  domain?: string;
  attribute?: OnnxAttribute[];
}
/** An attribute of a node. Exactly one of the value fields is set; `type` (ATTRIBUTE_TYPE) says which. */
export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  t?: OnnxTensor;
  g?: OnnxGraph;
  ints?: number[];
}
/** A constant of an ONNX graph (onnx.proto, TensorProto). */
export interface OnnxTensor {
  name?: string;
  dims: number[];
  dataType: number;
  /** Little-endian values in row-major order. */
  rawData: Uint8Array;
}
/** An input or output of an ONNX graph (onnx.proto, ValueInfoProto). */
export interface OnnxValueInfo {
  name: string;
  type?: { tensorType: { elemType: number; shape: { dim: { dimValue?: number; dimParam?: string }[] } } };
}

/** ONNX numbers of element types (onnx.proto, TensorProto.DataType). */
export const ONNX_FLOAT32 = 1;
/** ONNX number of the element type int8. */
export const ONNX_INT8 = 3;
/** ONNX number of the element type int32. */
export const ONNX_INT32 = 6;
/** ONNX number of the element type int64. */
export const ONNX_INT64 = 7;
/** ONNX number of the element type bool. */
export const ONNX_BOOL = 9;
/** ONNX number of the element type float16. */
export const ONNX_FLOAT16 = 10;

/** Numbers of attribute types (onnx.proto, AttributeProto.AttributeType). */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, graph: 5, ints: 7 } as const;

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });
/**
 * ONNX is encoded as proto2: a field that is present is written even if it is zero, and repeated numbers are not
 * packed.
 */
const message = (fields: Record<string, { type: string; id: number }>) => ({ edition: 'proto2', fields });

/**
 * Field numbers from onnx.proto (Apache-2.0, github.com/onnx/onnx). Fields that are not listed stay in the message as
 * unknown fields and are written back unchanged, so the schema needs no more than what is read or changed here.
 */
const SCHEMA = {
  nested: {
    Model: message({
      irVersion: one('int64', 1),
      producerName: one('string', 2),
      graph: one('Graph', 7),
      opsetImport: many('OperatorSet', 8),
    }),
    OperatorSet: message({ domain: one('string', 1), version: one('int64', 2) }),
    Graph: message({
      node: many('Node', 1),
      name: one('string', 2),
      initializer: many('Tensor', 5),
      input: many('ValueInfo', 11),
      output: many('ValueInfo', 12),
      valueInfo: many('ValueInfo', 13),
    }),
    Node: message({
      input: many('string', 1),
      output: many('string', 2),
      name: one('string', 3),
      opType: one('string', 4),
      attribute: many('Attribute', 5),
      domain: one('string', 7),
    }),
    Attribute: message({
      name: one('string', 1),
      f: one('float', 2),
      i: one('int64', 3),
      t: one('Tensor', 5),
      g: one('Graph', 6),
      ints: many('int64', 8),
      type: one('int32', 20),
    }),
    Tensor: message({
      dims: many('int64', 1),
      dataType: one('int32', 2),
      name: one('string', 8),
      rawData: one('bytes', 9),
    }),
    ValueInfo: message({ name: one('string', 1), type: one('ValueType', 2) }),
    ValueType: message({ tensorType: one('TensorType', 1) }),
    TensorType: message({ elemType: one('int32', 1), shape: one('Shape', 2) }),
    Shape: message({ dim: many('Dimension', 1) }),
    Dimension: message({ dimValue: one('int64', 1), dimParam: one('string', 2) }),
  },
};

/** Reads and writes ONNX files without losing any of their content. */
export interface OnnxCodec {
  decode(file: Uint8Array): OnnxModel;
  encode(model: OnnxModel): Uint8Array;
}

/** Creates a codec of ONNX files. */
export function createOnnxCodec(): OnnxCodec {
  const Model = protobuf.Root.fromJSON(SCHEMA).lookupType('Model');
  return {
    decode: (file) => {
      const reader = protobuf.Reader.create(file);
      reader.discardUnknown = false;
      return Model.decode(reader) as unknown as OnnxModel;
    },
    encode: (model) => Model.encode(model).finish(),
  };
}
