import { randomBytes } from 'node:crypto';
import { MAX_ID } from '#contract/limits';

/** Ids of the hosted API have 15 or 16 digits (docs/contract.md#transport-ids), so ours start here. */
const MIN_RANDOM_ID = 100_000_000_000_000;

/** Generates an id for a row: unpredictable, 15 or 16 digits, exact as a JavaScript number. */
export function randomId(): number {
  for (;;) {
    const id = Number(randomBytes(8).readBigUInt64BE() & BigInt(MAX_ID));
    if (id >= MIN_RANDOM_ID) return id;
  }
}
