import { LRUCache } from 'lru-cache';
import { KonturError } from '#contract/errors';

/** Checks a content, unless it is known how that ends. */
export type CheckOnce = (check: () => Promise<void>) => Promise<void>;

const MOST_KNOWN = 10_000;

/**
 * Remembers how the check of a content ended, by the SHA-256 of the content: it is made once, for all who wait for it,
 * and its error is the same for everyone. What depends on more than the content is not remembered. LRU.
 */
export function createVerdicts(): (contentHash: string) => CheckOnce {
  const known = new LRUCache<string, Promise<void>>({ max: MOST_KNOWN });
  return (contentHash) => (check) => {
    const verdict = known.get(contentHash) ?? check();
    known.set(contentHash, verdict);
    verdict.catch((error) => {
      const isOfContent = error instanceof KonturError && error.origin === 'image';
      if (!isOfContent && known.peek(contentHash) === verdict) known.delete(contentHash);
    });
    return verdict;
  };
}
