import { describe, expect, it } from 'vitest';
import { MOBILE_SAM } from '../../../src/models/catalogue.ts';
import { createOnnxCodec } from '../../../src/models/graphs/onnx-graph.ts';
import { type FloatTensor, openSession } from '../../../src/models/open-session.ts';
import { readVerifiedModelFile } from '../../../src/models/verify-model-file.ts';
import { decoderInputs, pseudoRandom } from '../decoder-inputs.ts';

const codec = createOnnxCodec();

describe('createOnnxCodec', () => {
  it.each([
    ['encoder', MOBILE_SAM.encoder, { input: { data: pseudoRandom(3 * 1024 * 1024), dims: [1, 3, 1024, 1024] } }],
    [
      'decoder',
      MOBILE_SAM.decoder,
      {
        ...decoderInputs([
          [300, 200, 1],
          [0, 0, -1],
        ]),
        orig_im_size: { data: Float32Array.of(300, 400), dims: [2] },
      },
    ],
  ])('loses nothing of the %s file', async (_, file, inputs) => {
    const original = await readVerifiedModelFile(file);
    const written = codec.encode(codec.decode(original));

    // Fields may change places within a message, but as many bytes of as many values must come out.
    expect(written).toHaveLength(original.length);
    expect(Buffer.compare(codec.encode(codec.decode(written)), written)).toBe(0);

    const expected = await run(original, inputs);
    const actual = await run(written, inputs);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [name, { data }] of Object.entries(expected)) {
      expect(Buffer.compare(Buffer.from(actual[name]!.data.buffer), Buffer.from(data.buffer)), name).toBe(0);
    }
  });
});

async function run(graph: Uint8Array, inputs: Record<string, FloatTensor>) {
  const session = await openSession(graph, { threads: 1 });
  return session.run(inputs);
}
