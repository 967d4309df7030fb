import type { ModelFrame } from '#geometry/spaces';

/**
 * Which embeddings the decoder process holds, least recently used first, and which it is to drop so that they stay within
 * `limitBytes`. Only their frames are kept here. The newest embedding is never dropped, whatever the limit.
 */
export interface EmbeddingIndex {
  /** Frame of a held embedding, which becomes the most recently used. */
  use(key: string): ModelFrame | undefined;
  /** Makes room for an embedding that is about to be sent to the process; `add` or `release` has to follow. */
  reserve(bytes: number): void;
  /** The embedding for which room was reserved has arrived. */
  add(key: string, frame: ModelFrame, bytes: number): void;
  /** It has not. */
  release(bytes: number): void;
  /** Keys that have had to go since the last call. */
  takeEvicted(): string[];
  /** Lets go of every key that begins so. */
  removeAll(prefix: string): void;
  /** The decoder process is a new one and holds nothing. */
  clear(): void;
}

export function createEmbeddingIndex(limitBytes: number): EmbeddingIndex {
  const held = new Map<string, { frame: ModelFrame; bytes: number }>();
  let evicted: string[] = [];
  let heldBytes = 0;
  let reservedBytes = 0;

  function remove(key: string): void {
    heldBytes -= held.get(key)?.bytes ?? 0;
    held.delete(key);
  }
  function evict(key: string): void {
    remove(key);
    evicted.push(key);
  }

  return {
    use(key) {
      const entry = held.get(key);
      if (!entry) return undefined;
      held.delete(key);
      held.set(key, entry);
      return entry.frame;
    },
    reserve(bytes) {
      reservedBytes += bytes;
      for (const oldest of held.keys()) {
        if (heldBytes + reservedBytes <= limitBytes) break;
        evict(oldest);
      }
    },
    add(key, frame, bytes) {
      reservedBytes -= bytes;
      remove(key);
      held.set(key, { frame, bytes });
      heldBytes += bytes;
    },
    release(bytes) {
      reservedBytes -= bytes;
    },
    takeEvicted() {
      const keys = evicted.filter((key) => !held.has(key));
      evicted = [];
      return keys;
    },
    removeAll(prefix) {
      for (const key of held.keys()) if (key.startsWith(prefix)) evict(key);
    },
    clear() {
      held.clear();
      evicted = [];
      heldBytes = 0;
    },
  };
}
