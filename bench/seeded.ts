import { createHash } from 'node:crypto';

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), 1 | current);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Random numbers from 0 to 1, the same for the same text. */
export const seededBy = (text: string): (() => number) =>
  seeded(createHash('sha256').update(text).digest().readInt32LE());
