import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simplifyRing } from '#geometry/simplify-ring';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { rectangle, ringOf, wobbly } from './rings.ts';

describe('simplifyRing', () => {
  it('takes points within straight runs at tolerance 0, also where the ring happens to start', () => {
    const ring = ringOf([5, 0], [10, 0], [10, 4], [10, 10], [7, 10], [0, 10], [0, 8], [0, 2], [0, 0], [2, 0]);
    expect(simplifyRing(ring, 0)).toEqual(ringOf([10, 0], [10, 10], [0, 10], [0, 0]));
  });

  it('keeps lines within the tolerance of each other, both ways', () => {
    const radii = fc.array(fc.double({ min: 20, max: 90, noNaN: true }), { minLength: 4, maxLength: 80 });
    fc.assert(
      fc.property(radii, fc.double({ min: 0, max: 10, noNaN: true }), (lengths, tolerance) => {
        const ring = wobbly(lengths);
        const simplified = simplifyRing(ring, tolerance);
        expect(ring).toEqual(expect.arrayContaining([...simplified]));
        expect(hausdorffDistance(ring, simplified)).toBeLessThanOrEqual(tolerance + 1e-9);
      }),
    );
  });

  it('makes a circle a polygon of few vertices', () => {
    const circle = wobbly(new Array(1000).fill(80));
    expect(simplifyRing(circle, 1).length).toBeLessThan(40);
    expect(simplifyRing(circle, 0.1).length).toBeGreaterThan(60);
  });

  it('may leave a line of two vertices of what is thinner than the tolerance', () => {
    expect(simplifyRing(rectangle(0, 0, 50, 1), 2)).toHaveLength(2);
  });

  it('leaves triangles and less alone', () => {
    const triangle = ringOf([0, 0], [1, 0], [0, 1]);
    expect(simplifyRing(triangle, 100)).toBe(triangle);
    expect(simplifyRing([], 1)).toEqual([]);
  });
});
