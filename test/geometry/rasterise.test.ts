import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { ringContains } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { rectangle, ringOf } from './rings.ts';

const rowsOf = (mask: Uint8Array, width: number) =>
  Array.from({ length: mask.length / width }, (_, row) => [...mask.slice(row * width, (row + 1) * width)].join(''));

describe('rasterise', () => {
  it('sets the pixels whose centre is inside', () => {
    const mask = rasterise([{ outer: rectangle(1, 0.4, 3.6, 2.4), holes: [] }], 5, 4);
    expect(rowsOf(mask, 5)).toEqual(['01110', '01110', '00000', '00000']);
  });

  it('counts a centre on the left or top outline in, on the right or bottom one out', () => {
    const mask = rasterise([{ outer: rectangle(0.5, 0.5, 2.5, 1.5), holes: [] }], 4, 3);
    expect(rowsOf(mask, 4)).toEqual(['1100', '0000', '0000']);
  });

  it('leaves holes open and fills what lies in a hole again', () => {
    const ring = { outer: rectangle(0, 0, 5, 5), holes: [rectangle(1, 1, 4, 4).toReversed()] };
    const island = { outer: rectangle(2, 2, 3, 3), holes: [] };
    const rows = ['11111', '10001', '10101', '10001', '11111'];
    expect(rowsOf(rasterise([ring, island], 5, 5), 5)).toEqual(rows);
    expect(rowsOf(rasterise([ring, island], 5, 5, 'non-zero'), 5)).toEqual(rows);
  });

  it('tells the fill rules apart where a ring laps itself', () => {
    const twice = [...rectangle(0, 0, 2, 2), ...rectangle(0, 0, 2, 2)];
    expect(rasterise([{ outer: twice, holes: [] }], 2, 2, 'even-odd')).toEqual(new Uint8Array(4));
    expect(rasterise([{ outer: twice, holes: [] }], 2, 2, 'non-zero')).toEqual(new Uint8Array(4).fill(1));
  });

  it('unites polygons that overlap', () => {
    const polygons = [rectangle(0, 0, 2, 1), rectangle(1, 0, 3, 1)].map((outer) => ({ outer, holes: [] }));
    expect(rowsOf(rasterise(polygons, 4, 1), 4)).toEqual(['1110']);
  });

  it('clips what lies beyond the image', () => {
    const mask = rasterise([{ outer: rectangle(-5, -5, 1.2, 50), holes: [] }], 2, 2);
    expect(rowsOf(mask, 2)).toEqual(['10', '10']);
  });

  it('agrees with a test of every pixel centre on any ring', () => {
    // Different offsets for x and y keep pixel centres, where either answer would do, off the usual test lines.
    const coordinate = (offset: number) => fc.double({ min: -4, max: 14, noNaN: true }).map((value) => value + offset);
    const anyRing = fc.array(fc.tuple(coordinate(0.0137), coordinate(0.0291)), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(anyRing, (corners) => {
        const ring = ringOf(...corners);
        const expected = Uint8Array.from({ length: 100 }, (_, pixel) =>
          Number(ringContains(ring, pixelPoint((pixel % 10) + 0.5, Math.floor(pixel / 10) + 0.5))),
        );
        expect(rasterise([{ outer: ring, holes: [] }], 10, 10)).toEqual(expected);
      }),
    );
  });
});

describe('maskIou', () => {
  it('is the shared part of the joint area', () => {
    expect(maskIou(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(0, 1, 1, 0))).toBeCloseTo(1 / 3);
    expect(maskIou(Uint8Array.of(1, 0), Uint8Array.of(0, 1))).toBe(0);
    expect(maskIou(new Uint8Array(3), new Uint8Array(3))).toBe(1);
  });

  it('refuses masks of different size', () => {
    expect(() => maskIou(new Uint8Array(3), new Uint8Array(4))).toThrow(RangeError);
  });
});
