import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { polygonArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { seamParts } from '#geometry/seam-parts';
import { traceRuns } from '#geometry/trace-runs';

/** Run lengths of a mask given row by row. */
function toLengths(mask: readonly number[], width: number, height: number): number[] {
  const lengths = [0];
  let value = 0;
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      const pixel = mask[row * width + column]!;
      if (pixel !== value) {
        lengths.push(0);
        value = pixel;
      }
      lengths[lengths.length - 1]! += 1;
    }
  }
  return lengths;
}

describe('traceRuns', () => {
  it('gives back every mask to the pixel, in parts and holes, also seamed', () => {
    const masks = fc
      .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height }),
        }),
      );
    fc.assert(
      fc.property(masks, ({ width, height, mask }) => {
        const parts = traceRuns(toLengths(mask, width, height), { imageWidth: width, imageHeight: height });
        expect([...rasterise(parts, width, height)]).toEqual(mask);
        const seamed = parts.map((part) => ({ outer: seamParts([part]), holes: [] }));
        expect([...rasterise(seamed, width, height, 'non-zero')]).toEqual(mask);
        const set = mask.reduce((sum, pixel) => sum + pixel, 0);
        expect(parts.reduce((sum, part) => sum + polygonArea(part), 0)).toBe(set);
      }),
      { numRuns: 500 },
    );
  });

  it('has no corners on straight lines, and takes runs of no length', () => {
    const size = { imageWidth: 3, imageHeight: 2 };
    const [only] = traceRuns([0, 2, 0, 1, 0, 3], size);
    expect(only!.outer).toHaveLength(4);
    expect(traceRuns([6], size)).toEqual([]);
  });

  it.each([
    [[5], '5 pixels long'],
    [[0, 7], '7 pixels long'],
    [[-1, 7], 'run 0 has no length'],
    [[0, 1e300], 'run 1 has no length'],
    [[0.5, 5.5], 'run 0 has no length'],
  ])('refuses %j for an image of 6 pixels', (lengths, words) => {
    expect(() => traceRuns(lengths, { imageWidth: 3, imageHeight: 2 })).toThrow(words);
  });
});
