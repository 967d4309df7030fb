import { describe, expect, it } from 'vitest';
import { BOTTOM, exitSide, LEFT, middleOfContour, RIGHT, sideCrossing, TOP } from '#geometry/cell-contour';

const corners = (topLeft: number, topRight: number, bottomRight: number, bottomLeft: number) => ({
  topLeft,
  topRight,
  bottomRight,
  bottomLeft,
});

describe('exitSide', () => {
  it.each([
    ['one corner inside', corners(1, -1, -1, -1), TOP, LEFT],
    ['one corner outside', corners(-1, 1, 1, 1), LEFT, TOP],
    ['the upper half inside', corners(1, 1, -1, -1), RIGHT, LEFT],
    ['the left half inside', corners(1, -1, -1, 1), TOP, BOTTOM],
    ['a logit of exactly 0 is outside', corners(1, 0, 0, 0), TOP, LEFT],
  ])('keeps the inside on the right: %s', (_, cell, entry, exit) => {
    expect(exitSide(cell, entry)).toBe(exit);
  });

  it('joins the inside through a saddle when it is the stronger, else parts it', () => {
    expect([TOP, BOTTOM].map((entry) => exitSide(corners(3, -1, 3, -1), entry))).toEqual([RIGHT, LEFT]);
    expect([TOP, BOTTOM].map((entry) => exitSide(corners(1, -3, 1, -3), entry))).toEqual([LEFT, RIGHT]);
    expect([LEFT, RIGHT].map((entry) => exitSide(corners(-1, 3, -1, 3), entry))).toEqual([TOP, BOTTOM]);
    expect([LEFT, RIGHT].map((entry) => exitSide(corners(-3, 1, -3, 1), entry))).toEqual([BOTTOM, TOP]);
  });
});

describe('sideCrossing', () => {
  it('interpolates the logits along a side', () => {
    const cell = corners(1, -3, -1, 1);
    expect(sideCrossing(cell, TOP)).toEqual({ u: 0.25, v: 0 });
    expect(sideCrossing(cell, BOTTOM)).toEqual({ u: 0.5, v: 1 });
  });

  it('stays off the corners', () => {
    expect(sideCrossing(corners(1, 0, 0, 1), TOP).u).toBeLessThan(1);
    expect(sideCrossing(corners(0, 1, 1, 0), TOP).u).toBeGreaterThan(0);
  });
});

describe('middleOfContour', () => {
  it('lies on the level line of the bilinear surface, between the crossings', () => {
    const cell = corners(4, -1, -2, -1);
    const middle = middleOfContour(cell, sideCrossing(cell, TOP), sideCrossing(cell, LEFT));
    const { u, v } = middle;
    const surface = (1 - v) * (4 * (1 - u) - u) + v * (-(1 - u) - 2 * u);
    expect(surface).toBeCloseTo(0, 12);
    expect(u).toBeCloseTo(0.4, 12);
    expect(v).toBeGreaterThan(0);
    expect(v).toBeLessThan(0.8);
  });
});
