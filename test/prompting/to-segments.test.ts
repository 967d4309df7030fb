import { describe, expect, it } from 'vitest';
import { fitToModel } from '#geometry/spaces';
import { toSegments } from '#prompting/to-segments';
import { box, logitsOf } from '../geometry/synthetic-logits.ts';

const frame = fitToModel(1024, 1024);
const prompt = { points: [{ x: 0.5, y: 0.5, label: 1 as const }] };
const size = { imageWidth: 4096, imageHeight: 3072 };
const photo = fitToModel(4096, 3072);
const window = { left: 1024, top: 2048, width: 1024, height: 1024 };
const answer = (score: number, half = 100) => ({
  candidate: { score, token: 1, logits: logitsOf(box(512 - half, 512 - half, 512 + half, 512 + half), frame) },
  look: { frame, candidates: [] },
});

describe('segments of answers', () => {
  it('have no score above that of a better one, nor above 1 or below 0', () => {
    const scores = (answers: ReturnType<typeof answer>[]) =>
      toSegments(answers, prompt, frame).map(({ score }) => score);
    expect(scores([answer(0.8), answer(0.9), answer(0.5), answer(0.6), answer(-0.1)])).toEqual([0.8, 0.8, 0.5, 0.5, 0]);
    expect(scores([answer(1.1), answer(1.05)])).toEqual([1, 1]);
  });

  it('leave out empty masks, whose scores lower no other', () => {
    expect(toSegments([answer(0.1, 0), answer(0.9)], prompt, frame).map(({ score }) => score)).toEqual([0.9]);
  });

  it('are all in pixels of the photo, from whichever look they come', () => {
    const thing = box(300, 550, 400, 700);
    const answers = [
      { candidate: { ...answer(1).candidate, logits: logitsOf(thing, photo) }, look: { frame: photo, candidates: [] } },
      {
        // The photo has a quarter of the window's resolution.
        candidate: {
          ...answer(1).candidate,
          logits: logitsOf((x, y) => thing((1024 + x) / 4, (2048 + y) / 4), fitToModel(1024, 1024)),
        },
        look: { frame: fitToModel(1024, 1024), candidates: [], window },
      },
    ];
    for (const { parts } of toSegments(answers, { points: [{ x: 0.34, y: 0.8, label: 1 }] }, size)) {
      const xs = parts[0]!.outer.map(({ x }) => x);
      const ys = parts[0]!.outer.map(({ y }) => y);
      const bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      for (const [index, side] of [1200, 2200, 1600, 2800].entries()) {
        expect(Math.abs(bounds[index]! - side)).toBeLessThan(12);
      }
    }
  });
});
