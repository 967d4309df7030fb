import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** TTL of an answer of the upstream about a caller, in milliseconds. */
const LIFETIME_MS = 60_000;
/** Most answers that are cached. */
const MAX_ENTRIES = 10_000;

/** TTL cache of the upstream's answers about callers. */
export interface ShortMemory<Answer> {
  /**
   * Returns the cached answer for the key that the words form or, on a cache miss, that of `ask`, whose failures are
   * not cached.
   */
  recall(words: (string | number)[], ask: () => Promise<Answer>): Promise<Answer>;
}

/**
 * Creates a TTL cache of at most MAX_ENTRIES answers (LRU). Words may be secrets: only a hash of them is kept. The TTL
 * starts when the answer is asked for, and concurrent calls share one request (single flight).
 *
 * @param now the time in milliseconds, above 0
 */
export function createShortMemory<Answer>(now: () => number): ShortMemory<Answer> {
  const answers = new LRUCache<string, Promise<Answer>>({
    max: MAX_ENTRIES,
    ttl: LIFETIME_MS,
    // Every call reads the clock.
    ttlResolution: 0,
    perf: { now },
  });
  return {
    recall(words, ask) {
      const key = createHash('sha256').update(JSON.stringify(words)).digest('base64');
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = ask();
      answers.set(key, answer);
      answer.catch(() => answers.peek(key) === answer && answers.delete(key));
      return answer;
    },
  };
}
