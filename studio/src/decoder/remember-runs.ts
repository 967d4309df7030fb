import { LRUCache } from 'lru-cache';
import type { DecodedMasks, RunDecoder } from '#prompting/decoder-run';

/** Cache of the latest runs of the decoder, so that a prompt that adds a point to an earlier one repeats no run. */
export interface RememberedRuns {
  /** Wraps `run` for the embedding of that key: it is only called on a cache miss. */
  remember(embeddingKey: string, run: RunDecoder): RunDecoder;
}

/**
 * Creates the cache. The key of a run is all that goes into it: embedding, clicks, and the logits that are fed back.
 * Those are part of an answer in this cache, or of one that is gone; then the run is a cache miss.
 *
 * @param most runs, each of which has 1 MiB of logits
 */
export function createRememberedRuns(most: number): RememberedRuns {
  const held = new LRUCache<string, DecodedMasks>({ max: most });
  const names = new WeakMap<ArrayBufferLike, number>();
  let lastName = 0;
  const nameOf = ({ buffer, byteOffset }: Float32Array): string => {
    if (!names.has(buffer)) names.set(buffer, ++lastName);
    return `${names.get(buffer)}+${byteOffset}`;
  };
  return {
    remember: (embeddingKey, run) => async (clicks, previousLogits) => {
      const numbers = clicks.flatMap(({ at, label }) => [at.x, at.y, label]);
      const key = [embeddingKey, ...numbers, previousLogits ? nameOf(previousLogits) : ''].join(' ');
      const known = held.get(key);
      if (known !== undefined) return known;
      const answer = await run(clicks, previousLogits);
      held.set(key, answer);
      return answer;
    },
  };
}
