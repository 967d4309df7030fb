import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { ringContains, signedArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { traceMask } from '#geometry/trace-mask';

/** Number of groups of pixels that are connected side by side. */
function countGroups(mask: Uint8Array, width: number): number {
  const left = new Set([...mask.keys()].filter((place) => mask[place] === 1));
  const spread = (place: number): void => {
    if (!left.delete(place)) return;
    if (place % width > 0) spread(place - 1);
    if (place % width < width - 1) spread(place + 1);
    spread(place - width);
    spread(place + width);
  };
  let groups = 0;
  for (const place of [...left]) {
    if (!left.has(place)) continue;
    groups++;
    spread(place);
  }
  return groups;
}

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      mask: fc.uint8Array({ min: 0, max: 1, minLength: width * height, maxLength: width * height }),
    }),
  );

describe('traceMask', () => {
  it('gives back every mask to the pixel, in valid parts, one for each group of pixels', () => {
    fc.assert(
      fc.property(masks, ({ width, height, mask }) => {
        const parts = traceMask(mask, width, height);
        expect([...rasterise(parts, width, height)]).toEqual([...mask]);
        expect(parts).toHaveLength(countGroups(mask, width));
        for (const part of parts) {
          expect(isValidPolygon(part)).toBe(true);
          expect(signedArea(part.outer)).toBeGreaterThan(0);
          for (const hole of part.holes) expect(signedArea(hole)).toBeLessThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('puts an island in a hole beside the part around it', () => {
    const rows = ['1111111', '1000001', '1011101', '1010101', '1011101', '1000001', '1111111'];
    const [outer, island, ...others] = traceMask(Uint8Array.from(rows.join(''), Number), 7, 7);
    expect(others).toEqual([]);
    expect(outer?.holes).toHaveLength(1);
    expect(island?.holes).toHaveLength(1);
    expect(ringContains(outer?.holes[0] ?? [], island?.outer[0] ?? ({ x: 0, y: 0 } as never))).toBe(true);
  });

  it('has no corner on a straight line, and nothing of an empty mask', () => {
    expect(traceMask(new Uint8Array(12).fill(1), 4, 3)).toEqual([
      {
        outer: [
          { x: 4, y: 0 },
          { x: 4, y: 3 },
          { x: 0, y: 3 },
          { x: 0, y: 0 },
        ],
        holes: [],
      },
    ]);
    expect(traceMask(new Uint8Array(12), 4, 3)).toEqual([]);
  });
});
