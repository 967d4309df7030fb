import { LRUCache } from 'lru-cache';
import type { ImageWindow } from '#geometry/image-window';
import type { PhotoEmbedding } from './decoder-messages.ts';

/** The embeddings that a worker holds, least recently used first out. */
export interface HeldEmbeddings {
  keep(embedding: PhotoEmbedding): void;
  /**
   * Finds the embedding of a photo, or of a window of it.
   *
   * @param photo key of the photo's own embedding
   */
  find(photo: string, window?: ImageWindow): PhotoEmbedding | undefined;
}

/** Creates a store of embeddings that takes `limitBytes` of memory at most. */
export function createHeldEmbeddings(limitBytes: number): HeldEmbeddings {
  const held = new LRUCache<string, PhotoEmbedding>({
    maxSize: limitBytes,
    sizeCalculation: ({ data }) => data.byteLength,
  });
  return {
    keep: (embedding) => void held.set(embedding.key, embedding),
    find: (photo, window) => held.get(embeddingKey(photo, window)),
  };
}

/** Key of the embedding of a photo, or of a window of it, where `photo` is the key of the photo's own. */
export const embeddingKey = (photo: string, window?: ImageWindow): string =>
  window === undefined ? photo : `${photo}.${window.left},${window.top},${window.width},${window.height}`;
