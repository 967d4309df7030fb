/** Counts the work in progress for each key. */
export interface KeyCounter {
  has(key: string): boolean;
  /** Runs the work, and counts its key meanwhile. */
  during<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

/** Creates a counter of the work in progress for each key. */
export function createKeyCounter(): KeyCounter {
  const counts = new Map<string, number>();
  const change = (key: string, by: number) => {
    const count = (counts.get(key) ?? 0) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  };
  return {
    has: (key) => counts.has(key),
    during: (key, work) => {
      change(key, 1);
      return work().finally(() => change(key, -1));
    },
  };
}
