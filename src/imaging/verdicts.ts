import { KonturError } from '#contract/errors';

/** Checks a content, unless it is known how that ends. */
export type CheckOnce = (check: () => Promise<void>) => Promise<void>;

const MOST_KNOWN = 10_000;

/**
 * Remembers how the check of a content ended, by the SHA-256 of the content: it is made once, for all who wait for it,
 * and its error is the same for everyone. What depends on more than the content is not remembered. LRU.
 */
export function createVerdicts(): (contentHash: string) => CheckOnce {
  const known = new Map<string, Promise<void>>();
  return (contentHash) => (check) => {
    const verdict = known.get(contentHash) ?? check();
    known.delete(contentHash);
    known.set(contentHash, verdict);
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    verdict.catch((error) => {
      const isOfContent = error instanceof KonturError && error.origin === 'image';
      if (!isOfContent && known.get(contentHash) === verdict) known.delete(contentHash);
    });
    return verdict;
  };
}
