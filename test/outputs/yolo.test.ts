import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { unitPoint, unitToPixel } from '#geometry/spaces';
import { toYolo } from '#outputs/yolo';
import { rectangle } from '../geometry/rings.ts';
import { SHAPES, SHAPES_IMAGE } from './output-shapes.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
const segment = { index: 0, score: 0.9, parts: SHAPES };

/** As a reader does: a class and a polygon for each line. */
function readLines(text: string): { classIndex: number; polygon: MaskPolygon }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [classIndex, ...numbers] = line.split(' ').map(Number);
      const outer = Array.from({ length: numbers.length / 2 }, (_, i) =>
        unitToPixel(unitPoint(numbers[2 * i]!, numbers[2 * i + 1]!), SHAPES_IMAGE),
      );
      return { classIndex: classIndex!, polygon: { outer, holes: [] } };
    });
}

describe('toYolo', () => {
  it('writes a line for each segment, of the class that is asked for, however many parts it has', () => {
    const lines = readLines(toYolo(SHAPES_IMAGE, [segment, { ...segment, parts: SHAPES.slice(1) }], 7));
    expect(lines.map(({ classIndex }) => classIndex)).toEqual([7, 7]);
  });

  it('joins any number of parts without filling what lies between them', () => {
    const parts = [0, 1, 2, 3, 4].map((i) => ({
      outer: rectangle(5 + 22 * i, 10 * i, 20 + 22 * i, 10 * i + 30),
      holes: [],
    }));
    const [line] = readLines(toYolo(SHAPES_IMAGE, [{ ...segment, parts }], 0));
    const expected = rasterise(parts, width, height);
    for (const rule of ['even-odd', 'non-zero'] as const) {
      expect(maskIou(rasterise([line!.polygon], width, height, rule), expected)).toBe(1);
    }
  });

  it.each(['even-odd', 'non-zero'] as const)('keeps the mask, holes and all, filled %s', (rule) => {
    const polygons = readLines(toYolo(SHAPES_IMAGE, [segment], 0)).map(({ polygon }) => polygon);
    expect(maskIou(rasterise(polygons, width, height, rule), rasterise(SHAPES, width, height))).toBeGreaterThan(0.999);
  });

  it('writes plain decimals from 0 to 1, also where a vertex lies beyond the image by a rounding error', () => {
    const parts = [{ outer: rectangle(-1e-9, 0.00001, 120.0000001, 90), holes: [] }];
    expect(toYolo(SHAPES_IMAGE, [{ index: 0, score: 1, parts }], 0)).toBe('0 0 0 1 0 1 1 0 1\n');
    expect(toYolo({ imageWidth: 1e6, imageHeight: 1e6 }, [segment], 0)).not.toContain('e');
  });

  it('numbers labels from the class that is asked for, in the order of the source', () => {
    const named = ['pump', undefined, 'valve', 'pump'].map((label) => ({ ...segment, label }));
    const classes = (text: string) => readLines(text).map(({ classIndex }) => classIndex);
    expect(classes(toYolo(SHAPES_IMAGE, named, 5))).toEqual([5, 6, 7, 5]);
    expect(classes(toYolo(SHAPES_IMAGE, named, 0, ['tank', 'valve', 'pump', 'object']))).toEqual([2, 3, 1, 2]);
  });

  it('is an empty file without segments', () => {
    expect(toYolo(SHAPES_IMAGE, [], 0)).toBe('');
  });
});
