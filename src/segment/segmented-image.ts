import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';

/** What a prompt cuts out of an image, best segment first, in pixels of the upright image. */
export interface SegmentedImage extends ImageSize {
  segments: ScoredMask[];
}

/**
 * A mask as its detached parts with real holes. `score` is the model's estimate of its IoU, 0..1, for one point lowered by how
 * the point lies in it (decode-prompt.ts).
 */
export interface ScoredMask {
  score: number;
  parts: MaskPolygon[];
}
