import { describe, expect, it } from 'vitest';
import { removeSpeckle } from '#geometry/remove-speckle';
import { pixelPoint } from '#geometry/spaces';
import { rectangle } from './rings.ts';

const limits = { minPartFraction: 0.01, minHoleFraction: 0.005 };
const part = (size: number, ...holes: number[]) => ({
  outer: rectangle(0, 0, size, size),
  holes: holes.map((hole) => rectangle(1, 1, 1 + hole, 1 + hole).toReversed()),
});

describe('removeSpeckle', () => {
  it('drops small parts and fills small holes, largest part first', () => {
    const polygons = [part(5), part(20), part(100, 20, 4)];
    expect(removeSpeckle(polygons, limits)).toEqual([part(100, 20), part(20)]);
  });

  it('measures parts without their holes, against the whole mask', () => {
    const frame = part(100, 99.9);
    expect(removeSpeckle([frame, part(90)], limits)).toEqual([part(90)]);
  });

  it('keeps the largest part however little of the mask it is', () => {
    const specks = Array.from({ length: 1000 }, () => part(2));
    expect(removeSpeckle([...specks, part(3)], limits)).toEqual([part(3)]);
  });

  it('keeps a part however small with a foreground point in it, and a hole with a background point', () => {
    const speck = { outer: rectangle(200, 200, 203, 203), holes: [] };
    const mask = [part(100, 4), speck];
    const mark = (x: number, y: number, isForeground: boolean) => ({ at: pixelPoint(x, y), isForeground });
    expect(removeSpeckle(mask, limits, [mark(201, 201, true), mark(2, 2, false)])).toEqual(mask);
    expect(removeSpeckle(mask, limits, [mark(201, 201, false), mark(2, 2, true)])).toEqual([part(100)]);
    expect(removeSpeckle(mask, limits, [mark(204, 201, true), mark(50, 50, false)])).toEqual([part(100)]);
  });

  it('leaves nothing nothing', () => {
    expect(removeSpeckle([], limits)).toEqual([]);
  });
});
