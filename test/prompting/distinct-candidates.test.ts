import { describe, expect, it } from 'vitest';
import { distinctCandidates } from '#prompting/distinct-candidates';

const SIDE = 256;
/** An image whose lower half of the square is padding. */
const frame = { imageWidth: 1024, imageHeight: 512, modelWidth: 1024, modelHeight: 512 };

/** Logits above 0 in the first columns of all rows from `fromRow` on. */
function candidate(score: number, columns: number, fromRow = 0) {
  const logits = new Float32Array(SIDE * SIDE).fill(-1);
  for (let row = fromRow; row < SIDE; row++) logits.fill(1, row * SIDE, row * SIDE + columns);
  return { score, logits, token: 1 };
}
const scoresOf = (candidates: { score: number }[]) => candidates.map(({ score }) => score);

describe('distinctCandidates', () => {
  it('keeps what differs, in its order', () => {
    const kept = distinctCandidates([candidate(0.5, 50), candidate(0.9, 100), candidate(0.7, 200)], frame);
    expect(scoresOf(kept)).toEqual([0.5, 0.9, 0.7]);
  });

  it('drops the worse of two with an IoU above 0.9, and keeps both at 0.9', () => {
    expect(scoresOf(distinctCandidates([candidate(0.9, 100), candidate(0.5, 91)], frame))).toEqual([0.9]);
    expect(scoresOf(distinctCandidates([candidate(0.9, 100), candidate(0.5, 90)], frame))).toEqual([0.9, 0.5]);
  });

  it('compares only what lies on the image', () => {
    // Beyond row 128 there is padding: the first differs there alone, the second is empty on the image.
    const onlyInPadding = candidate(0.3, 100, 128);
    const same = candidate(0.5, 100);
    same.logits.fill(1, 128 * SIDE);
    expect(scoresOf(distinctCandidates([candidate(0.9, 100), same, onlyInPadding], frame))).toEqual([0.9, 0.3]);
  });
});
