import { describe, expect, it } from 'vitest';
import type { PromptPoint } from '#contract/vision/prompt';
import { decodePrompt } from '#prompting/decode-prompt';
import type { DecoderPrompt } from '#prompting/decoder-prompt';
import type { RunDecoder } from '#prompting/decoder-run';

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

async function decode(prompt: DecoderPrompt, takesLogits = true) {
  const { runs, run } = recordingDecoder();
  const candidates = await decodePrompt(run, frame, prompt, { takesLogits });
  return {
    runs,
    candidates: candidates.map(({ score, logits }) => ({ score, from: logits[0], cells: logits.length })),
  };
}

const foreground = (x: number, y: number): PromptPoint => ({ x, y, label: 1 });
const background = (x: number, y: number): PromptPoint => ({ x, y, label: 0 });
const box = { xMin: 0.25, yMin: 0.5, xMax: 0.75, yMax: 1 };
const boxCorners = [
  [256, 256, 2],
  [768, 512, 3],
];
const padding = [0, 0, -1];

describe('decodePrompt', () => {
  it('answers one point with its three candidates, best first, in model pixels of each axis', async () => {
    const { runs, candidates } = await decode({ points: [foreground(0.5, 0.5)] });
    expect(runs).toEqual([{ clicks: [[512, 256, 1], padding], previous: undefined }]);
    expect(candidates.map(({ from, cells }) => [from, cells])).toEqual([
      [12, CELLS],
      [11, CELLS],
      [13, CELLS],
    ]);
    expect(candidates.map(({ score }) => score)).toEqual([0.75, 0.5, 0.125]);
  });

  it('answers a box with token 0', async () => {
    const { runs, candidates } = await decode({ boundingBox: box });
    expect(runs).toEqual([{ clicks: boxCorners, previous: undefined }]);
    expect(candidates).toEqual([{ score: 0.25, from: 10, cells: CELLS }]);
  });

  it('starts from a mask: its logits, the box around it and the points, and a click deep in it', async () => {
    const startLogits = new Float32Array(CELLS).fill(-5);
    for (let row = 10; row < 21; row++) startLogits.fill(5, row * 256 + 20, row * 256 + 51);
    startLogits[0] = -7;
    const around = [
      [80, 40, 2],
      [204, 84, 3],
    ];
    const one = await decode({ points: [background(0, 0)], startLogits });
    expect(one.runs[0]?.clicks.slice(1)).toEqual([[0, 0, 0], ...around]);
    expect(one.runs[0]?.clicks[0]?.slice(1)).toEqual([62, 1]);
    expect(one.runs.map(({ previous }) => previous)).toEqual([-7]);
    expect(one.candidates.map(({ from }) => from)).toEqual([10]);

    // Away from a background click in the mask.
    const cut = await decode({ points: [background(102 / 1024, 62 / 512)], startLogits });
    expect(cut.runs[0]?.clicks[0]?.[0]).toBeGreaterThan(120);
    // A foreground click beside the mask widens the box, and needs no other.
    const two = await decode({ points: [foreground(0.5, 0.1), background(0, 0)], startLogits });
    expect(two.runs.map(({ previous }) => previous)).toEqual([-7, 10]);
    expect(two.runs[0]?.clicks).toEqual([
      [512, expect.closeTo(51.2), 1],
      [80, 40, 2],
      [512, 84, 3],
    ]);

    const boxed = await decode({ boundingBox: box, startLogits }, false);
    expect(boxed.runs.map(({ clicks, previous }) => [clicks.slice(1), previous])).toEqual([[boxCorners, undefined]]);
  });

  it('decodes points in order, feeding back the best candidate of the first and token 0 of the others', async () => {
    const { runs, candidates } = await decode({ points: [foreground(0, 0), background(1, 1), foreground(0.5, 1)] });
    expect(runs).toEqual([
      { clicks: [[0, 0, 1], padding], previous: undefined },
      { clicks: [[0, 0, 1], [1024, 512, 0], padding], previous: 12 },
      { clicks: [[0, 0, 1], [1024, 512, 0], [512, 512, 1], padding], previous: 20 },
      { clicks: [[0, 0, 1], [1024, 512, 0], [512, 512, 1], padding], previous: 30 },
    ]);
    // The mean of the last two.
    expect(candidates).toEqual([{ score: 0.25, from: 35, cells: CELLS }]);
  });

  it('starts with a foreground point', async () => {
    const { runs } = await decode({ points: [background(1, 1), foreground(0, 0), background(0, 1)] });
    expect(runs[0]!.clicks).toEqual([[0, 0, 1], padding]);
    expect(runs[2]!.clicks.map(([, , label]) => label)).toEqual([1, 0, 0, -1]);
  });

  it('starts with the box and keeps it in every step', async () => {
    const { runs, candidates } = await decode({ points: [foreground(0.5, 0.5), background(0, 0)], boundingBox: box });
    expect(runs).toEqual([
      { clicks: boxCorners, previous: undefined },
      { clicks: [[512, 256, 1], ...boxCorners], previous: 10 },
      { clicks: [[512, 256, 1], [0, 0, 0], ...boxCorners], previous: 20 },
    ]);
    expect(candidates).toEqual([{ score: 0.25, from: 30, cells: CELLS }]);
  });

  it('runs a decoder that takes no logits once, with all clicks', async () => {
    const points = [background(1, 1), foreground(0, 0)];
    const clicks = [
      [0, 0, 1],
      [1024, 512, 0],
    ];
    const once = await decode({ points }, false);
    expect(once.runs).toEqual([{ clicks: [...clicks, padding], previous: undefined }]);
    expect(once.candidates).toEqual([{ score: 0.25, from: 10, cells: CELLS }]);
    expect((await decode({ points, boundingBox: box }, false)).runs).toEqual([
      { clicks: [...clicks, ...boxCorners], previous: undefined },
    ]);
    expect((await decode({ points: points.slice(1) }, false)).candidates.map(({ from }) => from)).toEqual([12, 11, 13]);
    expect((await decode({ boundingBox: box }, false)).runs).toHaveLength(1);
  });
});

describe('a prompt of many points', () => {
  const many = Array.from({ length: 500 }, (_, i) => foreground(i / 1000, 0.5));
  const outside = Array.from({ length: 500 }, (_, i) => background(i / 1000, 0.25));

  it('decodes the first eight in order, and some of the others at once while the mask has them right', async () => {
    const { runs } = await decode({ points: many });
    expect(runs.map(({ clicks }) => clicks.length - 1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 32, 32]);
    expect(runs[7]!.clicks[7]).toEqual([0.007 * 1024, 256, 1]);
  });

  it('decodes some of those that the mask has wrong, in a bounded number of runs of a bounded number of points', async () => {
    const { runs } = await decode({ points: [...many, ...outside] });
    expect(runs.map(({ clicks }) => clicks.length - 1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 28, 32, 32]);
    const added = runs[8]!.clicks.slice(8, 12).map(([x, , label]) => [Math.round(x! / 1.024), label]);
    expect(added).toEqual([
      [0, 0],
      [125, 0],
      [250, 0],
      [375, 0],
    ]);
    const withBox = await decode({ points: [...many, ...outside], boundingBox: box });
    expect(withBox.runs).toHaveLength(15);
    expect(Math.max(...withBox.runs.map(({ clicks }) => clicks.length))).toBe(34);
  });

  it('goes on to the last step as soon as the mask has them right', async () => {
    let runs = 0;
    const turning: RunDecoder = async () => {
      runs++;
      // Nothing is in the mask from the tenth run on.
      return { logits: new Float32Array(4 * CELLS).fill(runs < 10 ? 1 : -1), scores: new Float32Array(4) };
    };
    await decodePrompt(turning, frame, { points: [...many.slice(0, 8), ...outside] });
    expect(runs).toBe(12);
  });

  it('has no more runs where each puts another point on the wrong side', async () => {
    let runs = 0;
    const points = Array.from({ length: 100 }, (_, i) => foreground(i / 100, 0.5));
    const moving: RunDecoder = async () => {
      runs++;
      const logits = new Float32Array(4 * CELLS).fill(1);
      // The column of one point is outside the mask, each time of another.
      const column = Math.floor((points[8 + runs]!.x * 1024) / 4);
      for (let cell = column; cell < logits.length; cell += 256) logits[cell] = -1;
      return { logits, scores: new Float32Array(4) };
    };
    await decodePrompt(moving, frame, { points });
    expect(runs).toBe(16);
  });

  it('gives a decoder that takes no logits a hundred of them, the first foreground point among them', async () => {
    const { runs } = await decode({ points: [...outside, ...many] }, false);
    expect(runs).toHaveLength(1);
    expect(runs[0]!.clicks).toHaveLength(101);
    expect(runs[0]!.clicks[0]).toEqual([0, 256, 1]);
  });
});

/** A decoder whose masks hold the left so many of the square's 256 columns, by token, with that logit. */
function decoderOf(columns: number[], scores = [0.25, 0.5, 0.75, 0.125], logit = 1) {
  const fedBack: (number | undefined)[] = [];
  const run: RunDecoder = async (_, previousLogits) => {
    fedBack.push(previousLogits && heldColumns(previousLogits));
    const logits = new Float32Array(4 * CELLS).fill(-logit);
    for (const [token, held] of columns.entries()) {
      for (let row = 0; row < 256; row++) {
        const start = token * CELLS + row * 256;
        logits.fill(logit, start, start + held);
      }
    }
    return { logits, scores: Float32Array.from(scores) };
  };
  return { fedBack, run };
}

const heldColumns = (logits: Float32Array) => logits.subarray(0, 256).filter((logit) => logit > 0).length;
const columnsOf = (candidates: { logits: Float32Array }[]) => candidates.map(({ logits }) => heldColumns(logits));

describe('the side that points lie on', () => {
  const near = foreground(0.2, 0.5);
  const far = foreground(0.8, 0.5);

  it('leaves out candidates of one point that do not hold it, unless none does', async () => {
    const { run } = decoderOf([0, 100, 20, 250]);
    expect(columnsOf(await decodePrompt(run, frame, { points: [near] }))).toEqual([100, 250]);
    expect(columnsOf(await decodePrompt(run, frame, { points: [foreground(1, 0.5)] }))).toEqual([20, 100, 250]);
  });

  it('answers with token 0 where that has all points right, though another scores better', async () => {
    const { run } = decoderOf([100, 110, 120, 130]);
    expect(columnsOf(await decodePrompt(run, frame, { points: [near, background(0.8, 0.5)] }))).toEqual([100]);
  });

  it('else answers with the best of the others that is much the same mask and has all points right', async () => {
    const { run } = decoderOf([200, 230, 190, 240]);
    const candidates = await decodePrompt(run, frame, { points: [near, far] });
    expect(columnsOf(candidates)).toEqual([230]);
    expect(candidates[0]!.score).toBe(0.5);
  });

  it('else answers with token 0', async () => {
    const anotherMask = decoderOf([20, 230, 100, 240]);
    expect(columnsOf(await decodePrompt(anotherMask.run, frame, { points: [near, far] }))).toEqual([20]);
    const noneIsRight = decoderOf([20, 240, 250, 10]);
    const points = [near, background(0.7, 0.5)];
    expect(columnsOf(await decodePrompt(noneIsRight.run, frame, { points }))).toEqual([20]);
  });

  it('answers with the last step where its mean with the one after it has points on the wrong side', async () => {
    const answers = [
      { held: 100, logit: 1 },
      { held: 100, logit: 1 },
      { held: 20, logit: 9 },
    ].map((step) => decoderOf([step.held, step.held, step.held, step.held], undefined, step.logit));
    let step = 0;
    const run: RunDecoder = (...inputs) => answers[step++]!.run(...inputs);
    expect(columnsOf(await decodePrompt(run, frame, { points: [near, background(0.8, 0.5)] }))).toEqual([100]);
    step = 0;
    expect(columnsOf(await decodePrompt(run, frame, { points: [foreground(0, 0.5), near] }))).toEqual([100]);
    step = 0;
    expect(columnsOf(await decodePrompt(run, frame, { points: [foreground(0, 0.5), foreground(0.01, 0.5)] }))).toEqual([
      20,
    ]);
    expect(step).toBe(3);
  });

  it('counts the points in addition to a box', async () => {
    const { run } = decoderOf([210, 240, 190, 240]);
    const points = [near, background(0.8, 0.5)];
    expect(columnsOf(await decodePrompt(run, frame, { points, boundingBox: box }))).toEqual([190]);
    expect(columnsOf(await decodePrompt(run, frame, { points: points.slice(1), boundingBox: box }))).toEqual([190]);
    expect(columnsOf(await decodePrompt(run, frame, { boundingBox: box }))).toEqual([210]);
  });

  it('feeds back token 0 also where another mask stands in for it', async () => {
    const { fedBack, run } = decoderOf([200, 230, 100, 240]);
    await decodePrompt(run, frame, { points: [near, far, background(1, 0.5)] });
    expect(fedBack).toEqual([undefined, 100, 200, 200]);
  });
});

describe('the candidates for one point', () => {
  it('have a mask of nearly everything behind a smaller one, with the scores of the model', async () => {
    const { run } = decoderOf([0, 250, 120, 0], [0, 0.9, 0.8, 0.1]);
    const candidates = await decodePrompt(run, frame, { points: [foreground(0.2, 0.5)] });
    expect(columnsOf(candidates)).toEqual([120, 250]);
    expect(candidates.map(({ score, token }) => [score, token])).toEqual([
      [Math.fround(0.8), 2],
      [Math.fround(0.9), 1],
    ]);
  });

  it('are corrected by further points from the one that is named on', async () => {
    const { fedBack, run } = decoderOf([200, 230, 100, 240]);
    const points = [foreground(0.2, 0.5), background(1, 0.5)];
    await decodePrompt(run, frame, { points });
    await decodePrompt(run, frame, { points, firstToken: 3 });
    expect(fedBack).toEqual([undefined, 100, 200, undefined, 240, 200]);
  });
});
