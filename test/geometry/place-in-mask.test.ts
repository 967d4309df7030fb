import { describe, expect, it } from 'vitest';
import { placeInMask } from '#geometry/place-in-mask';
import { fitToModel, modelPoint } from '#geometry/spaces';
import { disc, logitsOf } from './synthetic-logits.ts';

const frame = fitToModel(1024, 512);

describe('placeInMask', () => {
  it('is deepest in the middle of a mask, and without depth at its edge and outside', () => {
    const logits = logitsOf(disc(400, 256, 200), frame);
    const depthAt = (x: number, y: number) => placeInMask(logits, modelPoint(x, y), frame).depth;
    expect(depthAt(400, 256)).toBeCloseTo(1 / Math.sqrt(Math.PI), 1);
    expect(depthAt(500, 256)).toBeCloseTo(0.5 / Math.sqrt(Math.PI), 1);
    expect(depthAt(598, 256)).toBeLessThan(0.03);
    expect(depthAt(900, 256)).toBeLessThan(0.01);
  });

  it('counts the border of the image as an edge, and only what lies on the image', () => {
    const logits = logitsOf(() => 1, frame, 1);
    expect(placeInMask(logits, modelPoint(512, 256), frame)).toEqual({
      depth: expect.closeTo(Math.SQRT1_2 / 2, 1),
      areaShare: 1,
      touches: { left: true, top: true, right: true, bottom: true },
    });
    expect(placeInMask(logits, modelPoint(0, 256), frame).depth).toBeLessThan(0.01);
    expect(placeInMask(logits, modelPoint(512, 512), frame).depth).toBeLessThan(0.01);
  });

  it('says what share of the image the mask covers', () => {
    const left = logitsOf((x) => 256 - x, frame, 1);
    expect(placeInMask(left, modelPoint(100, 100), frame).areaShare).toBeCloseTo(0.25, 2);
    const nothing = logitsOf(() => -1, frame, 1);
    expect(placeInMask(nothing, modelPoint(100, 100), frame)).toMatchObject({ depth: 0, areaShare: 0 });
  });

  it('says which sides of the image the mask touches', () => {
    const touching = (inside: (x: number, y: number) => number) =>
      Object.entries(placeInMask(logitsOf(inside, frame, 1), modelPoint(100, 100), frame).touches)
        .filter(([, isTouched]) => isTouched)
        .map(([side]) => side);
    expect(touching((x) => 256 - x)).toEqual(['left', 'top', 'bottom']);
    expect(touching((_, y) => y - 300)).toEqual(['left', 'right', 'bottom']);
    expect(touching((x, y) => 50 - Math.hypot(x - 1020, y - 256))).toEqual(['right']);
    expect(touching(() => -1)).toEqual([]);
  });
});
