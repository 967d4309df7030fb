import { describe, expect, it } from 'vitest';
import { polygonArea, type Ring } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import { splitSeams } from '#geometry/split-seams';
import { SHAPES } from '../outputs/output-shapes.ts';
import { rectangle } from './rings.ts';

const area = (parts: ReturnType<typeof splitSeams>) => parts.reduce((sum, part) => sum + polygonArea(part), 0);
const counts = (parts: ReturnType<typeof splitSeams>) => parts.map(({ holes }) => holes.length);

describe('splitSeams', () => {
  it('undoes seams of holes and of parts, whichever way the line runs and wherever it begins', () => {
    const joined = seamParts(SHAPES);
    for (const start of [0, 1, 5, joined.length - 1]) {
      const turned: Ring = [...joined.slice(start), ...joined.slice(0, start)];
      for (const line of [turned, turned.toReversed()]) {
        const parts = splitSeams(line);
        expect(counts(parts)).toEqual([2, 0]);
        expect(area(parts)).toBeCloseTo(area(SHAPES), 9);
      }
    }
  });

  it('undoes seams that lead from hole to hole, and keeps an island in a hole apart', () => {
    const holes = [0, 1, 2, 3].map((i) => rectangle(10 + 20 * i, 10 + i, 22 + 20 * i, 30 + i).toReversed());
    const frame = { outer: rectangle(0, 0, 100, 50), holes };
    expect(splitSeams(seamParts([frame]))).toMatchObject([{ holes: { length: 4 } }]);
    const island = { outer: rectangle(13, 15, 18, 20), holes: [] };
    const parts = splitSeams(seamParts([frame, island]));
    expect(counts(parts)).toEqual([4, 0]);
    expect(area(parts)).toBeCloseTo(area([frame, island]), 9);
  });

  it('leaves a line without seams alone, except for repeated corners', () => {
    const [square] = [rectangle(1, 1, 3, 3)];
    expect(splitSeams([...square!, square![0]!])).toEqual([{ outer: square!, holes: [] }]);
    expect(splitSeams([])).toEqual([]);
  });

  it('works on many corners in a bounded time', () => {
    const holes = Array.from({ length: 100 }, (_, i) => rectangle(1 + 2 * i, 1, 2 + 2 * i, 2).toReversed());
    const parts = splitSeams(seamParts([{ outer: rectangle(0, 0, 300, 3), holes }]));
    expect(counts(parts)).toEqual([100]);
  });
});
