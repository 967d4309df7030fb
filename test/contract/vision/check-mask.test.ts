import { expect, it } from 'vitest';
import { KonturError } from '#contract/errors';
import { checkPrompt, type UncheckedPrompt } from '#contract/vision/check-prompt';
import { findCrossing } from '#contract/vision/find-crossing';
import { readRunLengths } from '#contract/vision/read-run-lengths';
import { compressRunLengths } from '#outputs/run-lengths';

const at = (x: number, y: number) => ({ x, y });
const square = [at(0.2, 0.2), at(0.6, 0.2), at(0.6, 0.5), at(0.2, 0.5)];
const polygons = (...all: { x: number; y: number }[][]) => ({ polygons: all.map((vertices) => ({ vertices })) });
const rle = (counts: unknown, size: unknown = [4, 5]) => ({ rle: { size, counts } });
const check = (mask: unknown, more: object = {}) => checkPrompt({ ...more, mask } as UncheckedPrompt, 100);
/** A comb of `teeth` that does not cross itself. */
const comb = (teeth: number) => [
  at(0, 0),
  ...Array.from({ length: teeth }, (_, i) => [at((i + 0.2) / teeth, 0.9), at((i + 0.7) / teeth, 0.1)]).flat(),
  at(1, 0),
];

it('takes polygons and run lengths, and answers a mask that comes alone with the box around it', () => {
  expect(check(polygons(square))).toEqual({
    mask: polygons(square),
    boundingBox: { xMin: 0.2, yMin: 0.2, xMax: 0.6, yMax: 0.5 },
    isMaskAlone: true,
  });
  const points = [{ ...at(0.5, 0.5), label: 0 as const }];
  expect(check(polygons(square), { points })).toEqual({ mask: polygons(square), points });
  // Columns of 4: rows 1 and 2 of column 1, and rows 1 to 3 of column 2.
  const counts = [5, 2, 2, 3, 8];
  const around = { xMin: 0.2, yMin: 0.25, xMax: 0.6, yMax: 1 };
  expect(check(rle(counts)).boundingBox).toEqual(around);
  expect(check(rle(compressRunLengths(counts))).boundingBox).toEqual(around);
  // A run that goes on in the next column covers all rows.
  expect(check(rle([5, 4, 11])).boundingBox).toEqual({ xMin: 0.2, yMin: 0, xMax: 0.6, yMax: 1 });
  expect(check(polygons(comb(400))).isMaskAlone).toBe(true);
});

it('reads what cocoapi compresses', () => {
  const lengths = [0, 3, 70_000, 1, 5, 12_345_678, 1, 0, 31, 32];
  expect(readRunLengths(compressRunLengths(lengths))).toEqual(lengths);
});

it('edges that touch or double back, as seams do, do not cross', () => {
  const seamed = [...square, at(0.2, 0.2), at(0.3, 0.3), at(0.3, 0.4), at(0.4, 0.4), at(0.4, 0.3), at(0.3, 0.3)];
  expect(findCrossing(seamed)).toBeUndefined();
  expect(findCrossing([at(0, 0), at(1, 1), at(1, 0), at(0, 1)])).toEqual([0, 2]);
});

it.each<[string, unknown, string]>([
  ['no object', 5, 'either polygons or rle'],
  ['null', null, 'either polygons or rle'],
  ['neither', {}, 'got neither'],
  ['both', { ...polygons(square), ...rle([20]) }, 'got both'],
  ['no polygon', polygons(), 'at least 1'],
  ['a polygon without vertices', { polygons: [{}] }, 'mask.polygons[0].vertices must be a list'],
  ['two vertices', polygons(square.slice(2)), 'at least 3'],
  ['100,000 vertices', polygons(Array.from({ length: 100_000 }, () => at(0.5, 0.5))), 'at most 1000'],
  ['many polygons', polygons(...Array.from({ length: 11 }, () => comb(480))), 'at most 10000 vertices'],
  ['more polygons than allowed', polygons(...Array.from({ length: 1001 }, () => square)), 'at most 1000'],
  ['pixels', polygons([at(20, 20), at(60, 20), at(60, 50)]), 'divide by the width'],
  ['below 0', polygons([at(0, -0.1), ...square]), 'mask.polygons[0].vertices[0].y must be from 0 to 1'],
  ['not a number', polygons([at(Number.NaN, 0), ...square]), 'from 0 to 1, got NaN'],
  ['crossing itself', polygons([at(0.2, 0.2), at(0.8, 0.8), at(0.8, 0.2), at(0.2, 0.8)]), 'crosses itself'],
  ['no area', polygons([at(0.2, 0.2), at(0.4, 0.4), at(0.6, 0.6)]), 'is empty'],
  ['everything', polygons([at(0, 0), at(1, 0), at(1, 1), at(0, 1)]), 'whole image'],
  ['no size', rle([20], null), 'height and the width'],
  ['half a size', rle([20], [4]), 'height and the width'],
  ['a size of nothing', rle([0], [0, 5]), 'height and the width'],
  ['a huge size', rle([1e12], [1e6, 1e6]), 'at most 100000'],
  ['no counts', rle(undefined), 'must be a list of run lengths'],
  ['too few pixels', rle([5, 2, 2]), 'must sum to the pixels of its size, 4 x 5 = 20, got 9'],
  ['too many pixels', rle([5, 2, 20]), 'got 27'],
  ['a negative run', rle([5, -2, 17]), 'counts[1] must be a whole number'],
  ['part of a pixel', rle([5.5, 14.5]), 'counts[0] must be a whole number'],
  ['empty', rle([20]), 'is empty'],
  ['everything in runs', rle([0, 20]), 'whole image'],
  ['a string that is none', rle('a\u0000'), 'is not a string of COCO'],
  ['a string that breaks off', rle('5o'), 'ends within a number'],
  ['a string of a huge number', rle(`${'o'.repeat(12)}1`), 'too large'],
  [
    'too many runs',
    rle(
      Array.from({ length: 60_000 }, () => 1),
      [300, 200],
    ),
    'at most 50000',
  ],
  ['too long a string', rle('0'.repeat(300_000)), 'at most 250000 characters'],
])('refuses %s', (_, mask, message) => {
  const started = performance.now();
  expect(() => check(mask)).toThrow(KonturError);
  expect(() => check(mask)).toThrow(message);
  expect(performance.now() - started).toBeLessThan(2000);
});
