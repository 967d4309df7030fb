import { describe, expect, it } from 'vitest';
import type { LibraryFile } from '../../studio/src/library/library-file.ts';
import { listByTime, type TimeWindow } from '../../studio/src/library/list-by-time.ts';

const NOW = Date.UTC(2026, 10, 30);
const DAY = 24 * 3600 * 1000;

const filesAt = (times: number[]) =>
  times.map(
    (createdTime, id): LibraryFile => ({ id, name: `${id}.jpg`, uploaded: true, createdTime, lastUpdatedTime: 0 }),
  );

/** Reads the whole list, as a page does that scrolls to its end. */
async function read(times: number[], oldestFirst = false) {
  const files = filesAt(times);
  let counts = 0;
  const within = ({ min, max = Number.POSITIVE_INFINITY }: TimeWindow) =>
    files.filter(({ createdTime }) => createdTime >= min && createdTime <= max);
  const source = {
    count: async (window: TimeWindow) => {
      counts += 1;
      return within(window).length;
    },
    list: async (window: TimeWindow) => within(window),
  };
  const batches: number[][] = [];
  let countsBeforeFirst: number | undefined;
  const order = { oldestFirst, total: files.length, now: NOW };
  for await (const batch of listByTime(source, order)) {
    countsBeforeFirst ??= counts;
    batches.push(batch.map(({ createdTime }) => createdTime));
  }
  return { batches, countsBeforeFirst };
}

const spread = (count: number, ms: number) =>
  Array.from({ length: count }, (_, i) => Math.round(NOW - 1 - (i * ms) / count));

describe('files by time', () => {
  it.each([
    ['over two years', spread(10_000, 730 * DAY)],
    ['in five seconds of an hour ago', spread(10_000, 5000).map((time) => time - 3_600_000)],
    ['in the last second', spread(10_000, 1000)],
    [
      'half of them today, half ten years ago',
      [...spread(5000, DAY), ...spread(5000, DAY).map((time) => time - 3650 * DAY)],
    ],
    ['with a clock ahead of this one', spread(5000, DAY).map((time) => time + 2 * DAY)],
  ])('come in order, each once, the first soon: %s', async (_, times) => {
    const { batches, countsBeforeFirst } = await read(times);
    expect(batches.flat().sort()).toEqual(times.toSorted());
    for (const [place, batch] of batches.slice(1).entries()) {
      expect(Math.max(...batch)).toBeLessThan(Math.min(...batches[place]!));
    }
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(1000);
    expect(batches.find(({ length }) => length > 0)!.length).toBeLessThanOrEqual(200);
    expect(countsBeforeFirst).toBeLessThanOrEqual(40);
  });

  it('come oldest first where that is asked for', async () => {
    const { batches } = await read(spread(3000, 400 * DAY), true);
    for (const [place, batch] of batches.slice(1).entries()) {
      expect(Math.min(...batch)).toBeGreaterThan(Math.max(...batches[place]!));
    }
  });

  it('come in one batch where they fit in one page, without a count', async () => {
    const { batches, countsBeforeFirst } = await read(spread(1000, DAY));
    expect(batches.map(({ length }) => length)).toEqual([1000]);
    expect(countsBeforeFirst).toBe(0);
  });

  it('come in one batch where all are of one moment, which nothing can divide', async () => {
    const { batches } = await read(Array(2500).fill(NOW - 12_345));
    expect(batches.filter(({ length }) => length > 0).map(({ length }) => length)).toEqual([2500]);
  });
});
