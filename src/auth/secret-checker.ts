import { createHash } from 'node:crypto';
import { KonturError } from '#contract/errors';
import { createSemaphore, type Semaphore } from '../runtime/semaphore.ts';
import { type Claimant, createAttemptLimiter } from './attempt-limiter.ts';
import { verifySecret } from './secret-hash.ts';

/** Checks the secrets of users and clients: few at a time, and more and more slowly for a guesser. */
export interface SecretChecker {
  /**
   * Whether the hash is one of this secret; undefined stands for an unknown name, which costs the same.
   *
   * @param signal cancels a waiting try when its client has gone
   * @throws KonturError `busy` with the seconds to wait, if a limit has been reached; the signal's reason
   */
  check(claimant: Claimant, secret: string, hash: string | undefined, signal?: AbortSignal): Promise<boolean>;
}

/** Why a secret was not accepted, for monitoring. */
export type RefusalReason = 'wrong secret' | 'unknown name' | 'too many tries';
/** Called for each secret that was not accepted. */
export type OnRefused = (refused: Claimant & { reason: RefusalReason }) => void;

/** scrypt runs on the four threads that all file work shares: half of them are left to that. */
const HASHES_AT_ONCE = 2;
/** Limits of addresses that wait for a hash, and of tries per address. */
const MAX_WAITING = 64;
const MAX_WAITING_PER_ADDRESS = 8;
const WHAT = 'sign-ins';
/** Names longer than this cannot exist: only a hash of them is kept. */
const LONGEST_NAME = 200;

/** Creates the check of passwords and client secrets, with limits on tries and on hashes computed at once. */
export function createSecretChecker({
  now,
  onRefused = () => {},
}: {
  now?: () => number;
  onRefused?: OnRefused;
} = {}): SecretChecker {
  const attempts = createAttemptLimiter(now === undefined ? {} : { now });
  const hashing = createSemaphore({ running: HASHES_AT_ONCE, waiting: MAX_WAITING, what: WHAT });
  /** For fairness, each address has at most one try in the common queue. */
  const turns = new Map<string, { turn: Semaphore; users: number }>();

  async function inTurn<Result>(address: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const entry = turns.get(address) ?? {
      turn: createSemaphore({ running: 1, waiting: MAX_WAITING_PER_ADDRESS, what: WHAT }),
      users: 0,
    };
    turns.set(address, entry);
    entry.users++;
    try {
      return await entry.turn.run(() => hashing.run(work, signal), signal);
    } finally {
      entry.users--;
      if (entry.users === 0) turns.delete(address);
    }
  }

  return {
    async check({ kind, name, address }, secret, hash, signal) {
      const attempt = attempts.reserve({ kind, name: shortName(name), address });
      const refuse = (reason: RefusalReason) => onRefused({ kind, name: name.slice(0, LONGEST_NAME), address, reason });
      if (typeof attempt === 'number') {
        refuse('too many tries');
        throw tooMany(attempt);
      }
      let begun = false;
      try {
        const matches = await inTurn(
          address,
          () => {
            begun = true;
            return verifySecret(secret, hash);
          },
          signal,
        );
        if (matches) attempt.succeeded();
        else {
          attempt.failed();
          refuse(hash === undefined ? 'unknown name' : 'wrong secret');
        }
        return matches;
      } catch (error) {
        if (!begun) attempt.release();
        throw error;
      }
    },
  };
}

const shortName = (name: string) =>
  name.length > LONGEST_NAME ? createHash('sha256').update(name).digest('base64') : name;

const tooMany = (retryAfterSeconds: number) =>
  new KonturError('busy', `Too many wrong tries. Wait ${retryAfterSeconds} s and try again.`, { retryAfterSeconds });
