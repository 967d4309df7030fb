import { LRUCache } from 'lru-cache';

/** Leaky buckets: counts by key that fill with each use and drain with time. */
export interface LeakyBuckets {
  /** Whether the bucket of a key is empty. */
  isFresh(key: string): boolean;
  /** Seconds until there is room for another use; 0 where there is. */
  waitSeconds(key: string): number;
  /** Counts a use. @returns a function that undoes it */
  take(key: string): () => void;
}

/** Most entries of a table that strangers can fill; beyond it the least recently used is evicted. */
export const MAX_ENTRIES = 10_000;

/** Creates empty buckets. @param now in milliseconds */
export function createLeakyBuckets(
  { burst, perSecond }: { burst: number; perSecond: number },
  now: () => number,
): LeakyBuckets {
  const levels = new LRUCache<string, { level: number; time: number }>({ max: MAX_ENTRIES });
  const levelOf = (key: string) => {
    const entry = levels.peek(key);
    return entry === undefined ? 0 : Math.max(0, entry.level - ((now() - entry.time) / 1000) * perSecond);
  };
  return {
    isFresh: (key) => levelOf(key) === 0,
    waitSeconds: (key) => Math.max(0, Math.ceil((levelOf(key) + 1 - burst) / perSecond)),
    take(key) {
      levels.set(key, { level: levelOf(key) + 1, time: now() });
      return () => {
        levels.set(key, { level: Math.max(0, levelOf(key) - 1), time: now() });
      };
    },
  };
}
