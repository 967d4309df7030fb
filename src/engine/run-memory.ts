import { createHash } from 'node:crypto';
import type { DecodedMasks, RunDecoder } from '#prompting/decoder-run';

/**
 * The latest runs of the decoder. Points are decoded one after the other, so a prompt that extends an earlier one repeats its
 * runs before it comes to what is new; those are answered from here.
 *
 * A run is known by the image and by everything that went into it, bit by bit: clicks, and logits fed back. So an answer from
 * here is the very one that the decoder would give, and nothing depends on who asked before.
 */
export interface RunMemory {
  /** `run` for the image of that key, asked only for what is not held. */
  remember(imageKey: string, run: RunDecoder): RunDecoder;
  /** Lets go of everything on that image. */
  forget(imageKey: string): void;
}

/** @param limitBytes of all logits held; beyond it those go that were used longest ago */
export function createRunMemory(limitBytes: number): RunMemory {
  const held = new Map<string, { imageKey: string; answer: DecodedMasks }>();
  let totalBytes = 0;

  function remove(key: string): void {
    totalBytes -= held.get(key)?.answer.logits.byteLength ?? 0;
    held.delete(key);
  }
  function hold(key: string, imageKey: string, answer: DecodedMasks): void {
    remove(key);
    held.set(key, { imageKey, answer });
    totalBytes += answer.logits.byteLength;
    for (const oldest of held.keys()) {
      if (totalBytes <= limitBytes) break;
      remove(oldest);
    }
  }

  return {
    remember: (imageKey, run) => async (clicks, previousLogits) => {
      const key = `${hashRun(clicks, previousLogits)} ${imageKey}`;
      const answer = held.get(key)?.answer ?? (await run(clicks, previousLogits));
      hold(key, imageKey, answer);
      return answer;
    },
    forget(imageKey) {
      for (const [key, run] of held) if (run.imageKey === imageKey) remove(key);
    },
  };
}

function hashRun(...[clicks, previousLogits]: Parameters<RunDecoder>): string {
  const hash = createHash('sha256');
  hash.update(Float64Array.from(clicks.flatMap(({ at, label }) => [at.x, at.y, label])));
  if (previousLogits) hash.update('previous').update(previousLogits);
  return hash.digest('base64');
}
