/** Slows down whoever guesses secrets. */
export interface AttemptLimiter {
  /** Seconds to wait before the next try of this key is looked at; 0 for none. */
  waitSeconds(key: string): number;
  failed(key: string): void;
  succeeded(key: string): void;
}

const FREE_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;
/** Keys that are remembered; the ones that failed longest ago are forgotten first. */
const MAX_KEYS = 10_000;

/**
 * After five wrong tries in a row, the next one is only looked at after a second, then two, four, and so on up to a minute.
 * `now` is in milliseconds.
 */
export function createAttemptLimiter({ now = Date.now }: { now?: () => number } = {}): AttemptLimiter {
  const failures = new Map<string, { count: number; until: number }>();
  return {
    waitSeconds: (key) => Math.max(0, Math.ceil(((failures.get(key)?.until ?? 0) - now()) / 1000)),
    failed(key) {
      const count = (failures.get(key)?.count ?? 0) + 1;
      const wait = count < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (count - FREE_TRIES));
      failures.delete(key);
      failures.set(key, { count, until: now() + wait });
      if (failures.size > MAX_KEYS) failures.delete(failures.keys().next().value!);
    },
    succeeded: (key) => void failures.delete(key),
  };
}
