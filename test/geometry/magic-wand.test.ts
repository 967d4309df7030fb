import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColourPixels, magicWand } from '#geometry/magic-wand';

/** The same by the plainest way: pixels are added until none is left that is alike and beside one that is in. */
function reference({ data, width, height }: ColourPixels, seed: { x: number; y: number }, tolerance: number): number[] {
  const colour = (x: number, y: number) => [0, 1, 2].map((channel) => data[4 * (y * width + x) + channel]!);
  const wanted = colour(seed.x, seed.y);
  const isAlike = (x: number, y: number) =>
    Math.max(...colour(x, y).map((value, channel) => Math.abs(value - wanted[channel]!))) <= tolerance;
  const mask = new Array<number>(width * height).fill(0);
  mask[seed.y * width + seed.x] = 1;
  for (let grew = true; grew; ) {
    grew = false;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (mask[y * width + x] === 1 || !isAlike(x, y)) continue;
        const isBeside =
          (x > 0 && mask[y * width + x - 1] === 1) ||
          (x + 1 < width && mask[y * width + x + 1] === 1) ||
          (y > 0 && mask[(y - 1) * width + x] === 1) ||
          (y + 1 < height && mask[(y + 1) * width + x] === 1);
        if (!isBeside) continue;
        mask[y * width + x] = 1;
        grew = true;
      }
    }
  }
  return mask;
}

describe('magicWand', () => {
  const pictures = fc
    .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
    .chain(({ width, height }) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        // Few levels, so that regions wind.
        data: fc
          .array(fc.integer({ min: 0, max: 7 }), { minLength: 4 * width * height, maxLength: 4 * width * height })
          .map((levels) => Uint8ClampedArray.from(levels, (level) => (level < 6 ? 100 + level : 250))),
        x: fc.integer({ min: 0, max: width - 1 }),
        y: fc.integer({ min: 0, max: height - 1 }),
        tolerance: fc.integer({ min: 0, max: 6 }),
      }),
    );

  it('equals a plain flood fill to the pixel', () => {
    fc.assert(
      fc.property(pictures, ({ x, y, tolerance, ...picture }) => {
        expect([...magicWand(picture, { x, y }, tolerance)]).toEqual(reference(picture, { x, y }, tolerance));
      }),
      { numRuns: 300 },
    );
  });

  it('winds through a spiral, and takes all at the largest tolerance', () => {
    const side = 41;
    const data = new Uint8ClampedArray(4 * side * side).fill(200);
    for (let y = 1; y < side; y += 2) {
      for (let x = 0; x < side; x++) {
        if (x !== (y % 4 === 1 ? 0 : side - 1)) data.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 4);
      }
    }
    const picture = { data, width: side, height: side };
    expect([...magicWand(picture, { x: 5, y: 0 }, 10)]).toEqual(reference(picture, { x: 5, y: 0 }, 10));
    expect(magicWand(picture, { x: 5, y: 0 }, 255).every((pixel) => pixel === 1)).toBe(true);
  });

  it('refuses a pixel outside', () => {
    const picture = { data: new Uint8ClampedArray(16), width: 2, height: 2 };
    expect(() => magicWand(picture, { x: 2, y: 0 }, 0)).toThrow(RangeError);
    expect(() => magicWand(picture, { x: 0, y: -1 }, 0)).toThrow('0, -1 is not in a picture of 2 x 2');
  });
});
