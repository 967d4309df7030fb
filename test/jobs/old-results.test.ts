import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Polygon } from '#contract/vision/segment-job';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import { maskIou } from '#geometry/mask-iou';
import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { fitToModel, type ImageSize } from '#geometry/spaces';
import { toWirePolygons } from '#outputs/to-wire-polygons';
import { toRings } from '../../src/jobs/old-results.ts';
import { rectangle, ringOf, ringsOf } from '../geometry/rings.ts';
import { logitsOf, smoothField } from '../geometry/synthetic-logits.ts';
import { SHAPES, SHAPES_IMAGE } from '../outputs/output-shapes.ts';

const image = { imageWidth: 1000, imageHeight: 800 };
const fromWirePolygons = (polygons: Polygon[], size: ImageSize): MaskPolygon[] =>
  toRings({ polygons: [{ score: 1, polygons }] }, size)[0]!.parts;
const thereAndBack = (parts: MaskPolygon[], size = image) => fromWirePolygons(toWirePolygons(parts, size), size);

/** From the vertex that is first in reading order, and with the wire's rounding taken off. */
function canonical(ring: Ring): [number, number][] {
  const rounded = ring.map(({ x, y }): [number, number] => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);
  const first = rounded.reduce((best, [x, y], i) => {
    const [bestX, bestY] = rounded[best]!;
    return y < bestY || (y === bestY && x < bestX) ? i : best;
  }, 0);
  return [...rounded.slice(first), ...rounded.slice(0, first)];
}
const sortedRings = (rings: Ring[]) => rings.map(canonical).sort((a, b) => a[0]![1] - b[0]![1] || a[0]![0] - b[0]![0]);

describe('rings of polygons as the API answers them', () => {
  it('gives back every ring of parts with holes, and the parts in their order', () => {
    const parts = thereAndBack(SHAPES, SHAPES_IMAGE);
    expect(parts.map(({ holes }) => holes.length)).toEqual([2, 0]);
    expect(sortedRings(ringsOf(parts))).toEqual(sortedRings(ringsOf(SHAPES)));
    expect(canonical(parts[1]!.outer)).toEqual(canonical(SHAPES[1]!.outer));
  });

  it('gives back holes whose seams end on one another, or lie on one line', () => {
    const diamond = (x: number, y: number) => ringOf([x, y], [x + 20, y - 20], [x + 40, y], [x + 20, y + 20]);
    const squares = [100, 200, 300].map((x) => rectangle(x, 100, x + 50, 150));
    const diamonds = [100, 140.5, 300].map((x) => diamond(x, 300));
    const holes = [...squares, ...diamonds].map((ring) => ring.toReversed());
    const parts = thereAndBack([{ outer: rectangle(50, 50, 400, 400), holes }]);
    expect(sortedRings(parts[0]!.holes.map((hole) => hole.toReversed()))).toEqual(
      sortedRings(holes.map((hole) => hole.toReversed())),
    );
    expect(canonical(parts[0]!.outer)).toEqual(canonical(rectangle(50, 50, 400, 400)));
  });

  it('keeps hole, island and hole in it apart', () => {
    const nested: MaskPolygon[] = [
      { outer: rectangle(0, 0, 500, 500), holes: [rectangle(50, 50, 450, 450).toReversed()] },
      { outer: rectangle(100, 100, 400, 400), holes: [rectangle(150, 150, 350, 350).toReversed()] },
    ];
    expect(sortedRings(ringsOf(thereAndBack(nested)))).toEqual(sortedRings(ringsOf(nested)));
  });

  it.each([1, 2, 3, 4, 5])('gives back the rings of mask %i out of logits', (seed) => {
    const frame = fitToModel(1000, 800);
    const parts = logitsToPolygons(logitsOf(smoothField(seed, 150), frame), frame);
    const back = thereAndBack(parts);
    expect(back.map(({ holes }) => holes.length)).toEqual(parts.map(({ holes }) => holes.length));
    expect(maskIou(rasterise(back, 1000, 800), rasterise(parts, 1000, 800))).toBeGreaterThan(0.9995);
  });

  it('leaves a polygon of another maker what it is', () => {
    const triangle = { vertices: [0.1, 0.9, 0.5].map((x, i) => ({ x, y: [0.1, 0.1, 0.6][i]! })) };
    const [part] = fromWirePolygons([triangle], image);
    expect(part).toEqual({ outer: ringOf([100, 80], [900, 80], [500, 480]), holes: [] });
  });

  it('fills the same pixels as what the wire shows, for any holes that do not touch', () => {
    const hole = fc.record({
      left: fc.integer({ min: 1, max: 40 }),
      top: fc.integer({ min: 1, max: 40 }),
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
      slant: fc.integer({ min: 0, max: 39 }),
    });
    fc.assert(
      fc.property(fc.array(fc.option(hole), { minLength: 9, maxLength: 36 }), (cells) => {
        const holes = cells.flatMap((cell, index) => {
          if (!cell) return [];
          const left = 20.137 + 100 * (index % 6) + cell.left;
          const top = 20 + 100 * Math.floor(index / 6) + cell.top;
          const [bottom, right] = [top + cell.height, left + cell.width];
          const corners = ringOf(
            [left, top],
            [right, Math.min(top + cell.slant, bottom)],
            [right, bottom],
            [left, bottom],
          );
          return [
            corners.filter((point, i) => i === 0 || point.y !== corners[i - 1]!.y || point.x !== corners[i - 1]!.x),
          ];
        });
        const parts = [{ outer: rectangle(5, 5, 695, 695), holes: holes.map((ring) => ring.toReversed()) }];
        const back = thereAndBack(parts);
        expect(back.map((part) => part.holes.length)).toEqual([holes.length]);
        expect(back.every(isValidPolygon)).toBe(true);
        expect(maskIou(rasterise(back, 700, 700), rasterise(parts, 700, 700))).toBeGreaterThan(0.9999);
      }),
      { numRuns: 40 },
    );
  });
});
