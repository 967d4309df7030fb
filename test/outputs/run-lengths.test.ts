import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { compressRunLengths, countPixels, toRunLengths } from '#outputs/run-lengths';
import { rectangle } from '../geometry/rings.ts';
import cocoMasks from './coco-masks.json' with { type: 'json' };

const giveWay = () => setImmediate();

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
    it('in columns, of the rings', async () => {
      const size = { imageWidth: rows[0]!.length, imageHeight: rows.length };
      const lengths = await toRunLengths(toParts(rows), size, giveWay);
      expect(lengths).toEqual(counts);
      expect(countPixels(lengths)).toBe(area);
    });

    it('compressed', () => {
      expect(compressRunLengths(counts)).toBe(compressed);
    });
  },
);

it('holds for an image of 100 million pixels, and gives way often', async () => {
  const part = { outer: rectangle(0, 0, 9_999, 10_000), holes: [rectangle(10, 10, 9_990, 9_990).toReversed()] };
  let longest = 0;
  let seen = performance.now();
  const watch = async () => {
    longest = Math.max(longest, performance.now() - seen);
    await giveWay();
    seen = performance.now();
  };
  const started = performance.now();
  const lengths = await toRunLengths([part], { imageWidth: 10_000, imageHeight: 10_000 }, watch);
  expect(longest).toBeLessThan((performance.now() - started) / 2);
  expect(lengths.slice(0, 3)).toEqual([0, 10 * 10_000 + 10, 9_980]);
  expect(countPixels(lengths)).toBe(9_999 * 10_000 - 9_980 ** 2);
  expect(lengths.at(-1)).toBe(10_000);
});
