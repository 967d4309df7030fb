import type { ModelPoint } from '#geometry/spaces';

/**
 * A coordinate as a prompt encoder takes it, in model pixels. Labels: 0 background, 1 foreground, 2 and 3 the top-left
 * and the bottom-right corner of a box, -1 none (a padding click). Source: SAM, `SamOnnxModel._embed_points`.
 */
export interface Click {
  at: ModelPoint;
  label: number;
}

/**
 * Result of one run of a decoder: logits of four masks `[4, 256, 256]` over the model's square, one after the other,
 * and their predicted IoU `[4]`. Mask 0 is the answer to a prompt of more than one click, masks 1 to 3 are the
 * candidates for a single point. A flavour without a separate mask 0 puts its best candidate there.
 */
export interface DecodedMasks {
  logits: Float32Array;
  scores: Float32Array;
}

/**
 * Runs the decoder on one image. `previousLogits` `[256, 256]` are those of the previous run, for flavours that take
 * them.
 */
export type RunDecoder = (clicks: Click[], previousLogits?: Float32Array) => Promise<DecodedMasks>;
