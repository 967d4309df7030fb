import { expect, it } from 'vitest';
import { fillMasks } from '../../../src/models/flavours/fill-masks.ts';
import { pickTensor } from '../../../src/models/flavours/pick-tensor.ts';

const CELLS = 256 * 256;
/** Masks whose logits are their number, with their scores. */
const decoded = (...scores: number[]) => ({
  logits: {
    data: Float32Array.from({ length: scores.length * CELLS }, (_, i) => Math.floor(i / CELLS)),
    dims: [1, scores.length, 256, 256],
  },
  scores: { data: Float32Array.from(scores), dims: [1, scores.length] },
});
const fill = (...scores: number[]) => {
  const { logits, scores: of } = decoded(...scores);
  const filled = fillMasks(logits, of);
  return { masks: [0, 1, 2, 3].map((place) => filled.logits[place * CELLS + 7]), scores: [...filled.scores] };
};

it('leaves four masks as they are, in the same memory', () => {
  const { logits, scores } = decoded(0.25, 0.5, 0.75, 0.125);
  expect(fillMasks(logits, scores).logits).toBe(logits.data);
  expect(fill(0.25, 0.5, 0.75, 0.125)).toEqual({ masks: [0, 1, 2, 3], scores: [0.25, 0.5, 0.75, 0.125] });
});

it('puts the best of fewer masks first and repeats it where there is none', () => {
  expect(fill(0.25, 0.75, 0.5)).toEqual({ masks: [1, 0, 1, 2], scores: [0.75, 0.25, 0.75, 0.5] });
  expect(fill(0.25, 0.75)).toEqual({ masks: [1, 0, 1, 1], scores: [0.75, 0.25, 0.75, 0.75] });
  expect(fill(0.5)).toEqual({ masks: [0, 0, 0, 0], scores: [0.5, 0.5, 0.5, 0.5] });
});

it('refuses masks of another size or number', () => {
  const { logits, scores } = decoded(0.5);
  const wide = { data: new Float32Array(1024 * 1024), dims: [1, 1, 1024, 1024] };
  expect(() => fillMasks(wide, scores)).toThrow('masks of shape [1,1,1024,1024] with 1 scores');
  expect(() => fillMasks(logits, decoded(1, 2, 3, 4, 5).scores)).toThrow('with 5 scores');
});

it('names the outputs of a graph that has none of the expected', () => {
  const { logits } = decoded(0.5);
  expect(pickTensor({ masks: logits }, ['low_res_masks', 'masks'])).toBe(logits);
  expect(() => pickTensor({ a: logits, b: logits }, ['low_res_masks', 'masks'])).toThrow(
    'no output low_res_masks or masks, only a, b',
  );
});
