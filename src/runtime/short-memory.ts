import { createHash } from 'node:crypto';

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
 * Creates a TTL cache of at most MAX_ENTRIES answers; the oldest is evicted first. Words may be secrets: only a hash of
 * them is kept. The TTL starts when the answer is asked for, and concurrent calls share one request (single flight).
 */
export function createShortMemory<Answer>(now: () => number): ShortMemory<Answer> {
  const entries = new Map<string, { answer: Promise<Answer>; askedTime: number }>();
  return {
    recall(words, ask) {
      const key = createHash('sha256').update(JSON.stringify(words)).digest('base64');
      const known = entries.get(key);
      if (known !== undefined && now() - known.askedTime < LIFETIME_MS) return known.answer;
      const entry = { askedTime: now(), answer: ask() };
      // Deleted first, since a key that is set again would keep its old position in the order.
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value!);
      entry.answer.catch(() => entries.get(key) === entry && entries.delete(key));
      return entry.answer;
    },
  };
}
