import { LRUCache } from 'lru-cache';
import type { ImageSize } from '#geometry/spaces';

/**
 * Cache of the sizes of upright images in pixels, by the hash of their content, so that a file is opened once to
 * measure it. LRU.
 */
export interface ImageSizes {
  find(contentHash: string): ImageSize | undefined;
  keep(contentHash: string, size: ImageSize): void;
}

const MAX_KNOWN = 10_000;

/** Creates an empty cache of image sizes. */
export function createImageSizes(): ImageSizes {
  const known = new LRUCache<string, ImageSize>({ max: MAX_KNOWN });
  return {
    find: (contentHash) => known.get(contentHash),
    keep(contentHash, { imageWidth, imageHeight }) {
      known.set(contentHash, { imageWidth, imageHeight });
    },
  };
}
