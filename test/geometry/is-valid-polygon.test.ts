import { describe, expect, it } from 'vitest';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import type { Ring } from '#geometry/mask-polygon';
import { rectangle, ringOf } from './rings.ts';

const outer = rectangle(0, 0, 100, 100);
const hole = rectangle(20, 20, 40, 40);

describe('isValidPolygon', () => {
  it('accepts an outline with holes apart', () => {
    expect(isValidPolygon({ outer, holes: [hole, rectangle(50, 20, 60, 40)] })).toBe(true);
  });

  it.each<[string, Ring, Ring[]]>([
    ['an outline that crosses itself', ringOf([0, 0], [10, 10], [10, 0], [0, 10]), []],
    ['an outline that touches itself', ringOf([0, 0], [10, 0], [10, 10], [5, 0], [0, 10]), []],
    ['an outline that doubles back', ringOf([0, 0], [10, 0], [4, 0], [4, 10]), []],
    ['an outline of two vertices', ringOf([0, 0], [10, 0]), []],
    ['a hole of two vertices', outer, [ringOf([10, 10], [20, 10])]],
    ['a hole over the outline', outer, [rectangle(90, 20, 110, 40)]],
    ['a hole that touches the outline', outer, [rectangle(90, 20, 100, 40)]],
    ['a hole outside the outline', outer, [rectangle(110, 20, 120, 40)]],
    ['holes that cross', outer, [hole, rectangle(30, 30, 50, 50)]],
    ['a hole in a hole', outer, [hole, rectangle(25, 25, 35, 35)]],
  ])('refuses %s', (_, ring, holes) => {
    expect(isValidPolygon({ outer: ring, holes })).toBe(false);
  });
});
