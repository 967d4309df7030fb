import type { MaskPolygon } from './mask-polygon.ts';
import type { ImageSize } from './spaces.ts';

/** The segments that a prompt gives, best first, in pixels of the upright image, and that image's size. */
export interface SegmentedImage extends ImageSize {
  segments: ScoredMask[];
}

/**
 * A mask as its detached parts with real holes, in pixels of the upright image. `score` is the model's estimate of its
 * IoU, 0..1, lowered to that of a better segment where it is higher.
 */
export interface ScoredMask {
  score: number;
  parts: MaskPolygon[];
}
