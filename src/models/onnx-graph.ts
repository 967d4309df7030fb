import protobuf from 'protobufjs/light.js';

/** The parts of an ONNX model that graph surgery touches. Whatever else a file holds is carried along unread. */
export interface OnnxModel {
  graph: OnnxGraph;
}
export interface OnnxGraph {
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
}
export interface OnnxNode {
  input: string[];
  output: string[];
  name?: string;
  opType: string;
}
export interface OnnxTensor {
  name: string;
}
export interface OnnxValueInfo {
  name: string;
  type?: { tensorType: { elemType: number; shape: { dim: { dimValue: number }[] } } };
}

/** ONNX number of the element type float32. */
export const ONNX_FLOAT32 = 1;

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

/**
 * Field numbers from onnx.proto (Apache-2.0, github.com/onnx/onnx). Fields that are not listed stay in the message as
 * unknown fields and are written back unchanged, so the schema needs no more than what is read or changed here.
 */
const SCHEMA = {
  nested: {
    Model: { fields: { graph: one('Graph', 7) } },
    Graph: {
      fields: {
        node: many('Node', 1),
        initializer: many('Tensor', 5),
        input: many('ValueInfo', 11),
        output: many('ValueInfo', 12),
        valueInfo: many('ValueInfo', 13),
      },
    },
    Node: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
      },
    },
    Tensor: { fields: { name: one('string', 8) } },
    ValueInfo: { fields: { name: one('string', 1), type: one('ValueType', 2) } },
    ValueType: { fields: { tensorType: one('TensorType', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Shape: { fields: { dim: many('Dimension', 1) } },
    Dimension: { fields: { dimValue: one('int64', 1) } },
  },
};

/** Reads and writes ONNX files without losing anything of them. */
export interface OnnxCodec {
  decode(file: Uint8Array): OnnxModel;
  encode(model: OnnxModel): Uint8Array;
}

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
