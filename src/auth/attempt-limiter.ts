import { LRUCache } from 'lru-cache';
import { createLeakyBuckets, MAX_ENTRIES } from './leaky-buckets.ts';
import { networkOf } from './network-of.ts';

/** The client that tries a secret. */
export interface Claimant {
  kind: 'user' | 'client';
  /** User name or client id, whether or not it exists. */
  name: string;
  /** Network address of the client. */
  address: string;
}

/** A reserved try of a secret. It counts as wrong until it is known to be right or is released. */
export interface Attempt {
  failed(): void;
  succeeded(): void;
  /** Cancels the reservation: the secret was not checked after all. */
  release(): void;
}

/** Slows down clients that guess secrets. */
export interface AttemptLimiter {
  /**
   * Reserves a try before its secret is checked, so that concurrent tries count each other.
   *
   * @returns the seconds to wait instead, if a limit has been reached
   */
  reserve(claimant: Claimant): Attempt | number;
}

/** Wrong tries of one name from one address before waits begin. */
const FREE_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;
/** Wrong tries of one name from all addresses, beyond which each further address has one try before its waits begin. */
const NAME_LIMIT = { burst: 50, perSecond: 1 / 60 };
/** Wrong tries from one address, for all names together. */
const ADDRESS_LIMIT = { burst: 20, perSecond: 1 / 3 };
/** Wrong tries from all addresses. An address without a wrong try on record still has its first one. */
const TOTAL_LIMIT = { burst: 100, perSecond: 2 };

/**
 * Creates limits for wrong secrets: per name and address (after five in a row, waits of a second, then two, four, and
 * so on up to a minute), per address, and in total. A client is never refused because of tries from other addresses;
 * one that has signed in from an address before is not refused because of other names tried there. `now` is in
 * milliseconds.
 */
export function createAttemptLimiter({ now = Date.now }: { now?: () => number } = {}): AttemptLimiter {
  const pairs = new LRUCache<string, { count: number; until: number }>({ max: MAX_ENTRIES });
  /** Names that have signed in before, by address. */
  const known = new LRUCache<string, true>({ max: MAX_ENTRIES });
  const names = createLeakyBuckets(NAME_LIMIT, now);
  const addresses = createLeakyBuckets(ADDRESS_LIMIT, now);
  const total = createLeakyBuckets(TOTAL_LIMIT, now);

  function refusal(pair: string, address: string): number {
    const waitMs = (pairs.peek(pair)?.until ?? 0) - now();
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    if (known.has(pair)) return 0;
    if (addresses.isFresh(address)) return 0;
    return Math.max(addresses.waitSeconds(address), total.waitSeconds(''));
  }

  return {
    reserve(claimant) {
      const address = networkOf(claimant.address);
      const pair = JSON.stringify([claimant.kind, claimant.name, address]);
      const name = JSON.stringify([claimant.kind, claimant.name]);
      const wait = refusal(pair, address);
      if (wait > 0) return wait;
      const freeTries = names.waitSeconds(name) > 0 ? 1 : FREE_TRIES;
      const count = (pairs.peek(pair)?.count ?? 0) + 1;
      const waitMs = count < freeTries ? 0 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (count - freeTries));
      pairs.set(pair, { count, until: now() + waitMs });
      const taken = [names.take(name), addresses.take(address), total.take('')];
      const giveBack = () => {
        for (const back of taken) back();
      };
      return {
        failed() {
          const entry = pairs.peek(pair);
          if (entry !== undefined) entry.until = Math.max(entry.until, now() + waitMs);
        },
        succeeded() {
          giveBack();
          pairs.delete(pair);
          known.set(pair, true);
        },
        release() {
          giveBack();
          const entry = pairs.peek(pair);
          if (entry === undefined) return;
          entry.count--;
          if (entry.count < freeTries) entry.until = 0;
        },
      };
    },
  };
}
