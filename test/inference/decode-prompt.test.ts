import { describe, expect, it } from 'vitest';
import type { Prompt, PromptPoint } from '../../src/contract/prompt.ts';
import { decodePrompt, type RunDecoder } from '../../src/inference/decode-prompt.ts';

const frame = { imageWidth: 2000, imageHeight: 1000, modelWidth: 1024, modelHeight: 512 };
const CELLS = 256 * 256;

/** A decoder whose logits say which run and which token they are from, and whose second candidate scores best. */
function recordingDecoder() {
  const runs: { clicks: number[][]; previous?: number }[] = [];
  const run: RunDecoder = async (clicks, previousLogits) => {
    const number = runs.push({
      clicks: clicks.map(({ at, label }) => [at.x, at.y, label]),
      previous: previousLogits?.[0],
    });
    const logits = new Float32Array(4 * CELLS);
    for (let token = 0; token < 4; token++) logits.fill(number * 10 + token, token * CELLS, (token + 1) * CELLS);
    return { logits, scores: Float32Array.of(0.25, 0.5, 0.75, 0.125) };
  };
  return { runs, run };
}

async function decode(prompt: Prompt) {
  const { runs, run } = recordingDecoder();
  const candidates = await decodePrompt(run, frame, prompt);
  return {
    runs,
    candidates: candidates.map(({ score, logits }) => ({ score, from: logits[0], cells: logits.length })),
  };
}

const foreground = (x: number, y: number): PromptPoint => ({ x, y, label: 1 });
const background = (x: number, y: number): PromptPoint => ({ x, y, label: 0 });
const box = { xMin: 0.25, yMin: 0.5, xMax: 0.75, yMax: 1 };
const corners = [
  [256, 256, 2],
  [768, 512, 3],
];
const padding = [0, 0, -1];

describe('decodePrompt', () => {
  it('answers one point with its three candidates, best first, in model pixels of each axis', async () => {
    const { runs, candidates } = await decode({ points: [foreground(0.5, 0.5)] });
    expect(runs).toEqual([{ clicks: [[512, 256, 1], padding], previous: undefined }]);
    expect(candidates).toEqual([
      { score: 0.75, from: 12, cells: CELLS },
      { score: 0.5, from: 11, cells: CELLS },
      { score: 0.125, from: 13, cells: CELLS },
    ]);
  });

  it('answers a box with token 0', async () => {
    const { runs, candidates } = await decode({ boundingBox: box });
    expect(runs).toEqual([{ clicks: corners, previous: undefined }]);
    expect(candidates).toEqual([{ score: 0.25, from: 10, cells: CELLS }]);
  });

  it('decodes points in order, feeding back the best candidate of the first and token 0 of the others', async () => {
    const { runs, candidates } = await decode({ points: [foreground(0, 0), background(1, 1), foreground(0.5, 1)] });
    expect(runs).toEqual([
      { clicks: [[0, 0, 1], padding], previous: undefined },
      { clicks: [[0, 0, 1], [1024, 512, 0], padding], previous: 12 },
      { clicks: [[0, 0, 1], [1024, 512, 0], [512, 512, 1], padding], previous: 20 },
    ]);
    expect(candidates).toEqual([{ score: 0.25, from: 30, cells: CELLS }]);
  });

  it('starts with a foreground point', async () => {
    const { runs } = await decode({ points: [background(1, 1), foreground(0, 0), background(0, 1)] });
    expect(runs[0]!.clicks).toEqual([[0, 0, 1], padding]);
    expect(runs[2]!.clicks.map(([, , label]) => label)).toEqual([1, 0, 0, -1]);
  });

  it('starts with the box and keeps it in every step', async () => {
    const { runs, candidates } = await decode({ points: [foreground(0.5, 0.5), background(0, 0)], boundingBox: box });
    expect(runs).toEqual([
      { clicks: corners, previous: undefined },
      { clicks: [[512, 256, 1], ...corners], previous: 10 },
      { clicks: [[512, 256, 1], [0, 0, 0], ...corners], previous: 20 },
    ]);
    expect(candidates).toEqual([{ score: 0.25, from: 30, cells: CELLS }]);
  });
});
