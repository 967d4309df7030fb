import type { LibraryFile } from './library-file.ts';

/** Times of creation, both included, in milliseconds since 1970-01-01 UTC; without `max`, up to now and later. */
export interface TimeWindow {
  min: number;
  max?: number;
}

/** How files of a time of creation are counted and listed. */
export interface FilesOfTime {
  count(window: TimeWindow): Promise<number>;
  /** All of them, in any order. */
  list(window: TimeWindow): Promise<LibraryFile[]>;
}

export interface TimeOrder {
  oldestFirst: boolean;
  /** How many files there are in all. */
  total: number;
  /** Milliseconds since 1970-01-01 UTC. */
  now: number;
  /** About how many files the first batch has at most, so that something is shown soon. */
  firstBatch?: number;
  /** About how many files a later batch has at most. */
  batch?: number;
}

/**
 * Yields files by time of creation, batch by batch. The API lists by id, and ids are random: so windows of time are
 * counted and halved until one is small enough to be listed whole. Halves are taken of the logarithm of the age, which
 * finds both what came in the last minute and what came over years in a few steps.
 *
 * @returns batches in the order of time; the files within a batch are in no order
 */
export async function* listByTime(
  { count, list }: FilesOfTime,
  { oldestFirst, total, now, firstBatch = 200, batch = 1000 }: TimeOrder,
): AsyncGenerator<LibraryFile[], void, void> {
  const windows: [TimeWindow, count: number][] = [[{ min: 0 }, total]];
  // A library of one page is not worth any count.
  let most = total <= batch ? batch : firstBatch;
  for (let next = windows.pop(); next !== undefined; next = windows.pop()) {
    const [window, files] = next;
    if (files <= 0) continue;
    const halves = files <= most ? undefined : halve(window, now);
    if (halves === undefined) {
      yield await list(window);
      most = batch;
      continue;
    }
    const younger: [TimeWindow, number] = [halves.younger, await count(halves.younger)];
    const older: [TimeWindow, number] = [halves.older, files - younger[1]];
    windows.push(...(oldestFirst ? [younger, older] : [older, younger]));
  }
}

/** Milliseconds that a server's clock may be ahead of this one, beyond which windows are not halved any more. */
const MOST_AHEAD_MS = 100 * 365 * 24 * 3600 * 1000;

/** Cuts a window in two at the geometric mean of the ages; undefined if that is not possible. */
function halve({ min, max }: TimeWindow, now: number): { younger: TimeWindow; older: TimeWindow } | undefined {
  if (max === undefined && min >= now) {
    const middle = now + 2 * (min - now) + 1000;
    if (middle > now + MOST_AHEAD_MS) return undefined;
    return { younger: { min: middle }, older: { min, max: middle - 1 } };
  }
  const least = max === undefined ? 0 : now - max;
  const most = now - min;
  if (most <= least) return undefined;
  // Ages are negative where the clock of the server is ahead of this one.
  const middle = Math.floor(least < 0 ? (least + most) / 2 : Math.sqrt((least + 1) * (most + 1)) - 1);
  const age = Math.min(Math.max(middle, least), most - 1);
  return {
    younger: { min: now - age, ...(max !== undefined && { max }) },
    older: { min, max: now - age - 1 },
  };
}
