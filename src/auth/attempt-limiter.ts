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
/** Entries of each kind that are kept; the least recently used ones are evicted first. */
const MAX_ENTRIES = 10_000;

/**
 * Creates limits for wrong secrets: per name and address (after five in a row, waits of a second, then two, four, and
 * so on up to a minute), per address, and in total. A client is never refused because of tries from other addresses;
 * one that has signed in from an address before is not refused because of other names tried there. `now` is in
 * milliseconds.
 */
export function createAttemptLimiter({ now = Date.now }: { now?: () => number } = {}): AttemptLimiter {
  const pairs = new Map<string, { count: number; until: number }>();
  /** Names that have signed in before, by address. */
  const known = new Map<string, true>();
  const names = createBuckets(NAME_LIMIT, now);
  const addresses = createBuckets(ADDRESS_LIMIT, now);
  const total = createBuckets(TOTAL_LIMIT, now);

  function refusal(pair: string, address: string): number {
    const waitMs = (pairs.get(pair)?.until ?? 0) - now();
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
      const count = (pairs.get(pair)?.count ?? 0) + 1;
      const waitMs = count < freeTries ? 0 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (count - freeTries));
      put(pairs, pair, { count, until: now() + waitMs });
      const taken = [names.take(name), addresses.take(address), total.take('')];
      const giveBack = () => {
        for (const back of taken) back();
      };
      return {
        failed() {
          const entry = pairs.get(pair);
          if (entry !== undefined) entry.until = Math.max(entry.until, now() + waitMs);
        },
        succeeded() {
          giveBack();
          pairs.delete(pair);
          put(known, pair, true);
        },
        release() {
          giveBack();
          const entry = pairs.get(pair);
          if (entry === undefined) return;
          entry.count--;
          if (entry.count < freeTries) entry.until = 0;
        },
      };
    },
  };
}

/** Leaky buckets: counts that fill with each use and drain with time. */
function createBuckets({ burst, perSecond }: { burst: number; perSecond: number }, now: () => number) {
  const levels = new Map<string, { level: number; time: number }>();
  const levelOf = (key: string) => {
    const entry = levels.get(key);
    return entry === undefined ? 0 : Math.max(0, entry.level - ((now() - entry.time) / 1000) * perSecond);
  };
  return {
    isFresh: (key: string) => levelOf(key) === 0,
    waitSeconds: (key: string) => Math.max(0, Math.ceil((levelOf(key) + 1 - burst) / perSecond)),
    /** @returns a function that undoes the use */
    take(key: string): () => void {
      put(levels, key, { level: levelOf(key) + 1, time: now() });
      return () => put(levels, key, { level: Math.max(0, levelOf(key) - 1), time: now() });
    },
  };
}

/** Makes the entry the most recent, and evicts the oldest beyond the limit. */
function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MAX_ENTRIES && !oldest.done) map.delete(oldest.value);
}

/** The network of one subscriber: an IPv4 address, or the first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right].slice(0, 4).join(':');
}
