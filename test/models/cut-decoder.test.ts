import { beforeAll, describe, expect, it } from 'vitest';
import { DECODER_OUTPUTS } from '#prompting/sam-graph';
import { MOBILE_SAM } from '../../src/models/catalogue.ts';
import { canCut, cutDecoder } from '../../src/models/cut-decoder.ts';
import { createOnnxCodec } from '../../src/models/graphs/onnx-graph.ts';
import { openSession, type Session } from '../../src/models/open-session.ts';
import { readVerifiedModelFile } from '../../src/models/verify-model-file.ts';
import { decoderInputs, pseudoRandom } from './decoder-inputs.ts';
import { floatsOf } from './floats-of.ts';

const GRID_CELLS = 256 * 256;
let whole: Session;
let cut: Session;
beforeAll(async () => {
  const file = await readVerifiedModelFile(MOBILE_SAM.decoder);
  whole = await openSession(file, { threads: 2 });
  cut = await openSession(cutDecoder(createOnnxCodec(), file), { threads: 2 });
});

/** The whole graph as it was exported: it picks one mask and scales it to the image. */
async function runWhole(clicks: number[][], previous?: Float32Array) {
  const imageSize = { data: Float32Array.of(300, 400), dims: [2] };
  const outputs = await whole.run({ ...decoderInputs(clicks, previous), orig_im_size: imageSize });
  return { score: outputs.iou_predictions!.data[0]!, logits: floatsOf(outputs.low_res_masks!) };
}

async function runCut(clicks: number[][], previous?: Float32Array) {
  const outputs = await cut.run(decoderInputs(clicks, previous));
  const logits = outputs[DECODER_OUTPUTS.logits]!;
  const scores = outputs[DECODER_OUTPUTS.scores]!;
  expect(logits.dims).toEqual([1, 4, 256, 256]);
  expect(scores.dims).toEqual([1, 4]);
  return [...scores.data].map((score, token) => ({
    score,
    logits: floatsOf(logits).subarray(token * GRID_CELLS, (token + 1) * GRID_CELLS),
  }));
}

const padding = [0, 0, -1];
const previous = pseudoRandom(GRID_CELLS, 7);

describe('cutDecoder', () => {
  it.each([
    ['one point', [[500, 300, 1], padding], undefined],
    ['another point', [[10, 760, 1], padding], undefined],
    ['one point after a mask', [[500, 300, 1], padding], previous],
    [
      'a box',
      [
        [100, 100, 2],
        [700, 500, 3],
      ],
      undefined,
    ],
  ])('gives the mask that the whole graph picks for %s, the best of three', async (_, clicks, fedBack) => {
    const expected = await runWhole(clicks, fedBack);
    const [, ...candidates] = await runCut(clicks, fedBack);
    const best = candidates.reduce((a, b) => (b.score > a.score ? b : a));
    expect(best.score).toBe(expected.score);
    expect(differences(best.logits, expected.logits)).toBe(0);
  });

  it.each([
    ['two points', [[500, 300, 1], [20, 30, 0], padding], undefined],
    ['three points after a mask', [[500, 300, 1], [20, 30, 0], [600, 310, 1], padding], previous],
    [
      'a point in a box',
      [
        [400, 300, 1],
        [100, 100, 2],
        [700, 500, 3],
      ],
      undefined,
    ],
  ])('gives the mask that the whole graph picks for %s, token 0', async (_, clicks, fedBack) => {
    const expected = await runWhole(clicks, fedBack);
    const [first] = await runCut(clicks, fedBack);
    expect(first!.score).toBe(expected.score);
    expect(differences(first!.logits, expected.logits)).toBe(0);
  });

  it('leaves out what only the scaling to the image needed', async () => {
    const codec = createOnnxCodec();
    const file = await readVerifiedModelFile(MOBILE_SAM.decoder);
    const before = codec.decode(file).graph;
    const after = codec.decode(cutDecoder(codec, file)).graph;
    expect(after.input.map(({ name }) => name)).not.toContain('orig_im_size');
    expect(after.node.length).toBeLessThan(before.node.length - 50);
    expect(after.node.some(({ opType }) => opType === 'Resize' || opType === 'ArgMax')).toBe(false);
  });

  it('is for decoders that pick one mask in float32, which others do not', async () => {
    const codec = createOnnxCodec();
    const file = await readVerifiedModelFile(MOBILE_SAM.decoder);
    expect(canCut(codec, file)).toBe(true);
    expect(canCut(codec, cutDecoder(codec, file))).toBe(false);
    const quantised = codec.decode(file);
    quantised.graph.node.push({ opType: 'DynamicQuantizeLinear', input: [], output: [] });
    expect(canCut(codec, codec.encode(quantised))).toBe(false);
  });

  it('refuses a graph without the parts it looks for', async () => {
    const encoder = await readVerifiedModelFile(MOBILE_SAM.encoder);
    expect(() => cutDecoder(createOnnxCodec(), encoder)).toThrow(/no ArgMax above iou_predictions/);
  });
});

const differences = (a: Float32Array, b: Float32Array): number => a.filter((value, i) => value !== b[i]).length;
