import { beforeAll, describe, expect, it } from 'vitest';
import { DECODER_OUTPUTS } from '#prompting/sam-graph';
import { toHalfFloats } from '../../../../src/engine/half-float.ts';
import { MOBILE_SAM } from '../../../../src/models/catalogue.ts';
import { cutDecoder } from '../../../../src/models/cut-decoder.ts';
import { createOnnxCodec, ONNX_FLOAT32 } from '../../../../src/models/graphs/onnx-graph.ts';
import { rebuildDecoder } from '../../../../src/models/mobilesam/decoder/rebuild-decoder.ts';
import { openSession, type Session } from '../../../../src/models/open-session.ts';
import { readVerifiedModelFile } from '../../../../src/models/verify-model-file.ts';
import { decoderInputs, pseudoRandom } from '../../decoder-inputs.ts';
import { floatsOf } from '../../floats-of.ts';

const codec = createOnnxCodec();
let shipped: Buffer;
let cut: Session;
let rebuilt: Session;
beforeAll(async () => {
  shipped = await readVerifiedModelFile(MOBILE_SAM.decoder);
  cut = await openSession(cutDecoder(codec, shipped), { threads: 2 });
  rebuilt = await openSession(rebuildDecoder(codec, shipped), { threads: 2 });
});

const padding = [0, 0, -1];
const box = [
  [100, 100, 2],
  [700, 500, 3],
];
const fedBack = pseudoRandom(256 * 256, 7).map((value) => 10 * value);
const many = Array.from({ length: 30 }, (_, i) => [30 * i, 1000 - 20 * i, i % 2]);

describe('rebuildDecoder', () => {
  it.each<[string, number[][], Float32Array?]>([
    ['one point', [[500, 300, 1], padding]],
    ['one point after a mask', [[500, 300, 1], padding], fedBack],
    ['a box', box],
    ['a box after a mask', box, fedBack],
    ['a point in a box', [[400, 300, 1], ...box]],
    ['points of both labels', [[500, 300, 1], [20, 30, 0], [600, 310, 1], padding], fedBack],
    ['30 points', [...many, padding]],
  ])('answers %s as the shipped graph does, but for rounding', async (_, clicks, previous) => {
    const inputs = decoderInputs(clicks, previous);
    const halves = { data: toHalfFloats(inputs.image_embeddings!.data), dims: inputs.image_embeddings!.dims };
    const widened = { data: floatsOf(halves), dims: halves.dims };
    const expected = await cut.run({ ...inputs, image_embeddings: widened });
    const actual = await rebuilt.run({ ...inputs, image_embeddings: halves });
    for (const name of Object.values(DECODER_OUTPUTS)) {
      expect(actual[name]!.dims).toEqual(expected[name]!.dims);
      expect(relativeError(floatsOf(actual[name]!), floatsOf(expected[name]!))).toBeLessThan(1e-5);
    }
  });

  it('gives the same bytes each time', () => {
    expect(Buffer.compare(rebuildDecoder(codec, shipped), rebuildDecoder(codec, shipped))).toBe(0);
  });

  it('refuses another graph and names what is missing', async () => {
    const encoder = await readVerifiedModelFile(MOBILE_SAM.encoder);
    expect(() => rebuildDecoder(codec, encoder)).toThrow('not the export that this version knows');
  });

  it('refuses a graph with a weight that it does not know', () => {
    const model = codec.decode(shipped);
    model.graph.initializer.push({ name: 'more.weight', dims: [1], dataType: ONNX_FLOAT32, rawData: Buffer.alloc(4) });
    expect(() => rebuildDecoder(codec, codec.encode(model))).toThrow('nothing is known to use more.weight');
  });
});

/** Length of the difference over the length of what was expected. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return length(actual.map((value, i) => value - expected[i]!)) / length(expected);
}
