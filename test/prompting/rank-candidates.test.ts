import { describe, expect, it } from 'vitest';
import { fitToModel, modelPoint } from '#geometry/spaces';
import { rankCandidates, rankFeatures, rankOf } from '#prompting/rank-candidates';
import { disc, logitsOf } from '../geometry/synthetic-logits.ts';

const weights = { area: 0.06, surplus: 1.5, depth: 0.1, borders: 0.1 };
const features = { score: 0.8, areaShare: 0.1, depth: 0.5, borders: 0 };
const rank = (own: Partial<typeof features>) => rankOf({ ...features, ...own }, weights);

describe('the rank of a candidate for one click', () => {
  it('adds a share of the logarithm of the area to the score', () => {
    expect(rank({})).toBeCloseTo(0.8 - 0.06 + 0.05);
    expect(rank({ areaShare: 0.001 })).toBeCloseTo(rank({}) - 2 * 0.06);
  });

  it('takes a mask of next to nothing for one of a ten-thousandth', () => {
    expect(rank({ areaShare: 1e-9 })).toBe(rank({ areaShare: 1e-4 }));
    expect(rank({ areaShare: 0 })).toBe(rank({ areaShare: 1e-4 }));
  });

  it('falls with the share of the photo beyond a tenth', () => {
    expect(rank({ areaShare: 0.3 })).toBeCloseTo(rank({}) + 0.06 * Math.log10(3) - 1.5 * 0.2);
  });

  it('rises with the depth of the click, and falls with each side that is touched but for one', () => {
    expect(rank({ depth: 0.2 })).toBeCloseTo(rank({}) - 0.03);
    expect(rank({ borders: 1 })).toBe(rank({}));
    expect(rank({ borders: 3 })).toBeCloseTo(rank({}) - 0.2);
  });
});

describe('the features of a candidate', () => {
  const frame = fitToModel(1000, 500);
  const at = modelPoint(100, 100);

  it('are those of the photo where the frame is the photo', () => {
    const left = { score: 0.7, logits: logitsOf((x) => 256 - x, frame, 1) };
    expect(rankFeatures(left, at, frame)).toMatchObject({ score: 0.7, areaShare: 0.25, borders: 3 });
    const middle = { score: 0.7, logits: logitsOf(disc(512, 256, 100), frame) };
    expect(rankFeatures(middle, at, frame).borders).toBe(0);
  });

  it('are those of the photo where the frame is a window of it', () => {
    const window = fitToModel(400, 400);
    const all = { score: 0.7, logits: logitsOf(() => 1, window, 1) };
    const size = { imageWidth: 2000, imageHeight: 800 };
    const bordersAt = (left: number, top: number) =>
      rankFeatures(all, at, window, { window: { left, top, width: 400, height: 400 }, size }).borders;
    expect(bordersAt(400, 200)).toBe(0);
    expect([bordersAt(0, 200), bordersAt(1600, 200), bordersAt(400, 0), bordersAt(400, 400)]).toEqual([1, 1, 1, 1]);
    expect(bordersAt(1600, 400)).toBe(2);
    const part = { window: { left: 0, top: 0, width: 400, height: 400 }, size };
    expect(rankFeatures(all, at, window, part).areaShare).toBeCloseTo(0.1);
  });

  it('put a mask of nearly everything behind a smaller one that the model likes less', () => {
    const everything = { token: 1, score: 0.9, logits: logitsOf(() => 1, frame, 1) };
    const thing = { token: 2, score: 0.7, logits: logitsOf(disc(100, 100, 60), frame) };
    expect(rankCandidates([everything, thing], at, frame).map(({ token }) => token)).toEqual([2, 1]);
  });
});
