import type { ModelFrame } from '#geometry/spaces';

/**
 * Which embeddings the decoder process holds, least recently used first, and which it is to drop so that they stay within
 * `limitBytes`. Only their frames are kept here. The newest embedding is never dropped, whatever the limit.
 */
export interface EmbeddingIndex {
  /** Frame of a held embedding, which becomes the most recently used. */
  use(key: string): ModelFrame | undefined;
  /**
   * Makes room for an embedding that is about to be sent to the process; `add` or `release` has to follow.
   * @returns keys that the process is to drop
   */
  reserve(bytes: number): string[];
  /** The embedding for which room was reserved has arrived. */
  add(key: string, frame: ModelFrame, bytes: number): void;
  /** It has not. */
  release(bytes: number): void;
  /**
   * Lets go of every key that begins so.
   * @returns keys that the process is to drop
   */
  removeAll(prefix: string): string[];
  /** The decoder process is a new one and holds nothing. */
  clear(): void;
}

export function createEmbeddingIndex(limitBytes: number): EmbeddingIndex {
  const held = new Map<string, { frame: ModelFrame; bytes: number }>();
  let heldBytes = 0;
  let reservedBytes = 0;

  function remove(key: string): void {
    heldBytes -= held.get(key)?.bytes ?? 0;
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
    reserve(bytes) {
      reservedBytes += bytes;
      const evicted: string[] = [];
      for (const oldest of held.keys()) {
        if (heldBytes + reservedBytes <= limitBytes) break;
        remove(oldest);
        evicted.push(oldest);
      }
      return evicted;
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
    removeAll(prefix) {
      const removed = [...held.keys()].filter((key) => key.startsWith(prefix));
      for (const key of removed) remove(key);
      return removed;
    },
    clear() {
      held.clear();
      heldBytes = 0;
    },
  };
}
