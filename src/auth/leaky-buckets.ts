/** Leaky buckets: counts by key that fill with each use and drain with time. */
export interface LeakyBuckets {
  /** Whether the bucket of a key is empty. */
  isFresh(key: string): boolean;
  /** Seconds until there is room for another use; 0 where there is. */
  waitSeconds(key: string): number;
  /** Counts a use. @returns a function that undoes it */
  take(key: string): () => void;
}

/** Limit of entries; the least recently used ones are evicted first. */
const MAX_ENTRIES = 10_000;

/** Creates empty buckets. @param now in milliseconds */
export function createLeakyBuckets(
  { burst, perSecond }: { burst: number; perSecond: number },
  now: () => number,
): LeakyBuckets {
  const levels = new Map<string, { level: number; time: number }>();
  const levelOf = (key: string) => {
    const entry = levels.get(key);
    return entry === undefined ? 0 : Math.max(0, entry.level - ((now() - entry.time) / 1000) * perSecond);
  };
  return {
    isFresh: (key) => levelOf(key) === 0,
    waitSeconds: (key) => Math.max(0, Math.ceil((levelOf(key) + 1 - burst) / perSecond)),
    take(key) {
      putLatest(levels, key, { level: levelOf(key) + 1, time: now() });
      return () => putLatest(levels, key, { level: Math.max(0, levelOf(key) - 1), time: now() });
    },
  };
}

/** Makes the entry the most recent, and evicts the oldest beyond the limit. */
export function putLatest<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MAX_ENTRIES && !oldest.done) map.delete(oldest.value);
}
