import { KonturError } from '#contract/errors';
import { MAX_PARTITIONS } from '#contract/limits';

/** One of `count` disjoint parts of a list that together hold every file; `index` counts from 1. */
export interface Partition {
  index: number;
  count: number;
}

/**
 * Parses a partition in its wire form, `m/n`.
 *
 * @throws KonturError `invalid-request`
 */
export function parsePartition(text: string): Partition {
  const [, index, count] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count && count <= MAX_PARTITIONS) {
    return { index, count };
  }
  throw new KonturError(
    'invalid-request',
    `partition must be m/n, the m-th of n parts, with n at most ${MAX_PARTITIONS} and m from 1 to n, got ${JSON.stringify(text.slice(0, 40))}.`,
  );
}
