import { createHash } from 'node:crypto';

/** Longest time for which an answer of the upstream about a caller is believed. */
const LIFETIME_MS = 60_000;
/** About 2 MB of memory. */
const MAX_ENTRIES = 10_000;

/** Answers of the upstream about callers, remembered for a minute. */
export interface ShortMemory<Answer> {
  /** The answer to the question that the words make up, or `ask`, whose failures are not remembered. */
  recall(words: (string | number)[], ask: () => Promise<Answer>): Promise<Answer>;
}

/**
 * A memory of at most MAX_ENTRIES answers; the oldest goes first. Words may be secrets: only a hash of them is kept. An answer
 * counts from the moment of asking, and who asks meanwhile waits for the same one.
 */
export function createShortMemory<Answer>(now: () => number): ShortMemory<Answer> {
  const entries = new Map<string, { answer: Promise<Answer>; askedTime: number }>();
  return {
    recall(words, ask) {
      const key = createHash('sha256').update(JSON.stringify(words)).digest('base64');
      const known = entries.get(key);
      if (known !== undefined && now() - known.askedTime < LIFETIME_MS) return known.answer;
      const entry = { askedTime: now(), answer: ask() };
      // Deleted first, since a key that is set again would keep its old place in the order.
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value!);
      entry.answer.catch(() => entries.get(key) === entry && entries.delete(key));
      return entry.answer;
    },
  };
}
