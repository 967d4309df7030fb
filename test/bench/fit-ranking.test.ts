import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ClicksOfSets } from '../../bench/fit-weights.ts';
import { fitWeights, meanByScore, meanOfBest, meanOfFirst, tryWeights } from '../../bench/fit-weights.ts';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

describe('npm run fit-ranking', () => {
  it('fits the weights on rendered scenes with --smoke', async () => {
    const { code, stderr, figures, leftOver } = await runMeasuring('fit-ranking', ['--smoke'], folders);
    expect({ code, stderr, leftOver }).toEqual({ code: 0, stderr: '', leftOver: [] });
    const measured = Object.fromEntries(figures!.rows.map(({ name, measured }) => [name, measured]));
    for (const name of ['weights in use', 'weights in use: first', 'weights fitted without the set: second']) {
      expect(measured[name], name).toBeGreaterThan(80);
    }
    expect(measured['best of the three']).toBeGreaterThanOrEqual(measured['weights in use']!);
    expect(figures!.settings).toEqual({ sets: 2, clicks: 12 });
  });

  it.each([
    ['no data', [], /Usage/],
    ['a folder without sets', ['--data', path.join('bench', 'figures')], /There is no objects\.jsonl in bench.figures/],
  ])('ends with exit code 2 for %s', async (_, args, message) => {
    const { code, stderr } = await runMeasuring('fit-ranking', args, folders);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('fitted weights', () => {
  const candidate = { score: 0.5, areaShare: 0.05, depth: 0.3, borders: 0, holdsClick: true, iou: 0 };
  /** Clicks on sets where the right mask touches fewer sides, or is smaller than half the photo. */
  const sets: ClicksOfSets = {
    sides: [
      {
        place: 'middle',
        candidates: [
          { ...candidate, score: 0.6, borders: 4 },
          { ...candidate, iou: 0.8 },
        ],
      },
    ],
    areas: [
      {
        place: 'middle',
        candidates: [
          { ...candidate, score: 0.6, areaShare: 0.6 },
          { ...candidate, iou: 0.6 },
        ],
      },
    ],
  };
  const tried = tryWeights(sets);

  it('put the right candidates first', () => {
    const weights = fitWeights(tried);
    expect(Object.values(sets).map((clicks) => meanOfFirst(clicks, weights))).toEqual([0.8, 0.6]);
    expect(Object.values(sets).map(meanByScore)).toEqual([0, 0]);
    expect(Object.values(sets).map(meanOfBest)).toEqual([0.8, 0.6]);
  });

  it('know nothing of a set that is left out', () => {
    const everyBorders = 0.1;
    expect(fitWeights(tried, 0).borders).toBeCloseTo(everyBorders);
    expect(fitWeights(tried).borders).toBeGreaterThan(everyBorders);
  });

  it('count candidates only that hold the click, where any does', () => {
    const outside = { ...candidate, score: 0.9, holdsClick: false, iou: 1 };
    expect(meanOfFirst([{ place: 'anywhere', candidates: [outside, candidate] }])).toBe(0);
    expect(meanOfFirst([{ place: 'anywhere', candidates: [outside, { ...outside, score: 0.1, iou: 0 }] }])).toBe(1);
  });
});
