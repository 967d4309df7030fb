import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { type MaskPolygon, signedArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { SEAM_VERTICES, seamHoles } from '#geometry/seam-holes';
import { pixelPoint } from '#geometry/spaces';
import { rectangle } from './rings.ts';

const size = 200;
const asOneRing = (polygon: MaskPolygon): MaskPolygon[] => [{ outer: seamHoles(polygon), holes: [] }];

/** The seamed ring fills the same pixels as the polygon with real holes, by either rule. */
function expectSameMask(polygon: MaskPolygon): void {
  const expected = rasterise([polygon], size, size);
  expect(maskIou(rasterise(asOneRing(polygon), size, size, 'even-odd'), expected)).toBe(1);
  expect(maskIou(rasterise(asOneRing(polygon), size, size, 'non-zero'), expected)).toBe(1);
}

describe('seamHoles', () => {
  it('leaves a part without holes its outline', () => {
    const outer = rectangle(0, 0, 10, 10);
    expect(seamHoles({ outer, holes: [] })).toEqual(outer);
  });

  it('cuts a hole in from its leftmost vertex straight to the left', () => {
    const hole = [pixelPoint(20, 50), pixelPoint(40, 70), pixelPoint(40, 30)];
    const ring = seamHoles({ outer: rectangle(0, 0, 100, 100), holes: [hole] });
    const seam = [pixelPoint(0, 50), pixelPoint(20, 50)];
    expect(ring).toHaveLength(4 + 3 + SEAM_VERTICES);
    expect(ring.slice(4)).toEqual([...seam, hole[1], hole[2], ...seam.toReversed()]);
  });

  it('turns rings the right way round first', () => {
    const polygon = { outer: rectangle(0, 0, 100, 100).toReversed(), holes: [rectangle(20, 20, 40, 40)] };
    expectSameMask(polygon);
    expect(signedArea(seamHoles(polygon))).toBe(100 ** 2 - 20 ** 2);
  });

  it('passes over holes in rows and columns, whose seams lie on one line', () => {
    const cells = Array.from({ length: 81 }, (_, index) => ({
      x: 10 + 20 * (index % 9),
      y: 10 + 20 * Math.floor(index / 9),
    }));
    const squares = cells.map(({ x, y }) => rectangle(x, y, x + 11, y + 11).toReversed());
    const diamonds = cells.map(({ x, y }) =>
      [pixelPoint(x, y + 6), pixelPoint(x + 6, y), pixelPoint(x + 12, y + 6), pixelPoint(x + 6, y + 12)].toReversed(),
    );
    const triangles = cells.map(({ x, y }) => [pixelPoint(x, y), pixelPoint(x + 12, y + 12), pixelPoint(x + 12, y)]);
    const outer = rectangle(1, 1, 199, 199);
    for (const holes of [squares, diamonds, triangles]) expectSameMask({ outer, holes });
  });

  it('holds for any holes that do not touch', () => {
    const cell = fc.record({
      left: fc.integer({ min: 1, max: 9 }),
      top: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      height: fc.integer({ min: 1, max: 9 }),
      slant: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(fc.option(cell), { minLength: 50, maxLength: 81 }), (cells) => {
        const holes = cells.flatMap((hole, index) => {
          if (!hole) return [];
          // The fraction keeps pixel centres, where either answer would do, off the slanted edges.
          const left = 10.137 + 20 * (index % 9) + hole.left;
          const top = 10 + 20 * Math.floor(index / 9) + hole.top;
          const [a, b, c, d] = rectangle(left, top, left + hole.width, top + hole.height);
          return [[a!, pixelPoint(b!.x, Math.min(b!.y + hole.slant, c!.y)), c!, d!].toReversed()];
        });
        expectSameMask({ outer: rectangle(0, 0, size, size), holes });
      }),
      { numRuns: 30 },
    );
  });
});
