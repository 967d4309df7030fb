import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { DecodedMasks, RunDecoder } from '#prompting/decoder-run';

/**
 * Cache of the latest runs of the decoder. Points are decoded one after another, so a prompt that extends an earlier
 * one repeats its runs before its new ones; the repeated ones are cache hits.
 *
 * The key of a run is the image and all of its input, bit by bit: clicks, and logits fed back. A hit is exactly what
 * the decoder would answer, and nothing depends on earlier callers.
 */
export interface RunMemory {
  /** Wraps `run` for the image of that key: it is only called on a cache miss. */
  remember(imageKey: string, run: RunDecoder): RunDecoder;
  /** Deletes all runs on that image. */
  forget(imageKey: string): void;
}

/**
 * Creates the cache.
 *
 * @param limitBytes of all logits; beyond it the least recently used runs are evicted
 */
export function createRunMemory(limitBytes: number): RunMemory {
  const held = new LRUCache<string, { imageKey: string; answer: DecodedMasks }>({
    maxSize: limitBytes,
    sizeCalculation: ({ answer }) => answer.logits.byteLength,
  });

  return {
    remember: (imageKey, run) => async (clicks, previousLogits) => {
      const key = `${hashRun(clicks, previousLogits)} ${imageKey}`;
      const known = held.get(key);
      if (known) return known.answer;
      const answer = await run(clicks, previousLogits);
      held.set(key, { imageKey, answer });
      return answer;
    },
    forget(imageKey) {
      for (const [key, run] of [...held]) if (run.imageKey === imageKey) held.delete(key);
    },
  };
}

function hashRun(...[clicks, previousLogits]: Parameters<RunDecoder>): string {
  const hash = createHash('sha256');
  hash.update(Float64Array.from(clicks.flatMap(({ at, label }) => [at.x, at.y, label])));
  if (previousLogits) hash.update('previous').update(previousLogits);
  return hash.digest('base64');
}
