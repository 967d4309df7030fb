import { GRID_SIDE } from '#geometry/spaces';
import type { Click } from './decoder-run.ts';

/** A float32 tensor: values in row-major order, and its shape. */
type Tensor = { data: Float32Array; dims: readonly number[] };

/** Input of SAM's decoders that takes the embedding, `[1, 256, 64, 64]`. */
export const EMBEDDING_INPUT = 'image_embeddings';

/** Outputs of a rebuilt or cut decoder: logits of four masks `[1, 4, 256, 256]` and their predicted IoU `[1, 4]`. */
export const DECODER_OUTPUTS = { logits: 'masks4', scores: 'iou4' } as const;

const MASK_SHAPE = [1, 1, GRID_SIDE, GRID_SIDE] as const;

/** Clicks as SAM's decoder and its descendants take them: `point_coords` `[1, n, 2]`, `point_labels` `[1, n]`. */
export function clickTensors(clicks: readonly Click[]): { point_coords: Tensor; point_labels: Tensor } {
  return {
    point_coords: { data: Float32Array.from(clicks.flatMap(({ at }) => [at.x, at.y])), dims: [1, clicks.length, 2] },
    point_labels: { data: Float32Array.from(clicks, ({ label }) => label), dims: [1, clicks.length] },
  };
}

/**
 * Logits of a previous run `[256, 256]` as SAM's decoder and its descendants take them: `mask_input` `[1, 1, 256, 256]`
 * and `has_mask_input` `[1]`, which is 0 where there are none.
 */
export function logitTensors(previousLogits?: Float32Array): { mask_input: Tensor; has_mask_input: Tensor } {
  return {
    mask_input: { data: previousLogits ?? new Float32Array(GRID_SIDE * GRID_SIDE), dims: MASK_SHAPE },
    has_mask_input: { data: Float32Array.of(previousLogits ? 1 : 0), dims: [1] },
  };
}
