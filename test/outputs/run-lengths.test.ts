import { describe, expect, it } from 'vitest';
import { compressRunLengths, countPixels, toRunLengths } from '#outputs/run-lengths';
import { rectangle } from '../geometry/rings.ts';
import cocoMasks from './coco-masks.json' with { type: 'json' };

/** A part for every run of pixels in a row. */
const toParts = (rows: string[]) =>
  rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ index, 0: run }) => ({
      outer: rectangle(index, y, index + run.length, y + 1),
      holes: [],
    })),
  );

describe.each(cocoMasks.cases)(
  'run lengths of $name, as pycocotools has them',
  ({ rows, counts, compressed, area }) => {
    it('in columns, of the rings', () => {
      const lengths = toRunLengths(toParts(rows), { imageWidth: rows[0]!.length, imageHeight: rows.length });
      expect(lengths).toEqual(counts);
      expect(countPixels(lengths)).toBe(area);
    });

    it('compressed', () => {
      expect(compressRunLengths(counts)).toBe(compressed);
    });
  },
);

it('holds for an image of 100 million pixels', () => {
  const part = { outer: rectangle(0, 0, 9_999, 10_000), holes: [rectangle(10, 10, 9_990, 9_990).toReversed()] };
  const lengths = toRunLengths([part], { imageWidth: 10_000, imageHeight: 10_000 });
  expect(lengths.slice(0, 3)).toEqual([0, 10 * 10_000 + 10, 9_980]);
  expect(countPixels(lengths)).toBe(9_999 * 10_000 - 9_980 ** 2);
  expect(lengths.at(-1)).toBe(10_000);
});
