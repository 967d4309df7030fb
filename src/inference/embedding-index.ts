import type { ModelFrame } from '../geometry/spaces.ts';

/**
 * Which embeddings the decoder process holds, least recently used first, and which it is to drop so that they stay within
 * `limitBytes`. Only their frames are kept here. The newest embedding is never dropped, whatever the limit.
 */
export interface EmbeddingIndex {
  /** Frame of a held embedding, which becomes the most recently used. */
  use(key: string): ModelFrame | undefined;
  add(key: string, frame: ModelFrame, bytes: number): void;
  /** Keys that have had to go since the last call. */
  takeEvicted(): string[];
  /** The decoder process is a new one and holds nothing. */
  clear(): void;
}

export function createEmbeddingIndex(limitBytes: number): EmbeddingIndex {
  const held = new Map<string, { frame: ModelFrame; bytes: number }>();
  let evicted: string[] = [];
  let totalBytes = 0;

  function remove(key: string): void {
    totalBytes -= held.get(key)?.bytes ?? 0;
    held.delete(key);
  }

  return {
    use(key) {
      const entry = held.get(key);
      if (!entry) return undefined;
      held.delete(key);
      held.set(key, entry);
      return entry.frame;
    },
    add(key, frame, bytes) {
      remove(key);
      held.set(key, { frame, bytes });
      totalBytes += bytes;
      for (const oldest of held.keys()) {
        if (totalBytes <= limitBytes || oldest === key) break;
        remove(oldest);
        evicted.push(oldest);
      }
    },
    takeEvicted() {
      const keys = evicted.filter((key) => !held.has(key));
      evicted = [];
      return keys;
    },
    clear() {
      held.clear();
      evicted = [];
      totalBytes = 0;
    },
  };
}
