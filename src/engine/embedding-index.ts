import type { ModelFrame } from '#geometry/spaces';

/**
 * Index of the embeddings in the decoder process. It decides which of them to drop (LRU) so that they fit into
 * `limitBytes`. Only their frames are kept in it. The newest embedding is never dropped, whatever the limit.
 */
export interface EmbeddingIndex {
  /** The frame of a held embedding, which becomes the most recently used; undefined on a cache miss. */
  use(key: string): ModelFrame | undefined;
  /**
   * Reserves room for an embedding that is about to be sent to the process; must be followed by `add` or `release`.
   *
   * @returns keys that the process must drop
   */
  reserve(bytes: number): string[];
  /** Records that the embedding with a reservation has arrived. */
  add(key: string, frame: ModelFrame, bytes: number): void;
  /** Cancels a reservation: the embedding has not arrived. */
  release(bytes: number): void;
  /**
   * Removes every key with this prefix.
   *
   * @returns keys that the process must drop
   */
  removeAll(prefix: string): string[];
  /** Forgets everything: the decoder process was restarted and holds nothing. */
  clear(): void;
}

/** Creates an empty index for a decoder process that may hold `limitBytes` of embeddings. */
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
