// What is known of prepared graphs without building them: a process that finds them in the cache folder loads no builder.

/** Raised whenever mobilesam/tinyvit/ would build another graph from the same weights. */
export const ENCODER_VERSION = 5;

/** Raised whenever mobilesam/decoder/ would build another graph from the same weights. */
export const DECODER_VERSION = 4;

/** Raised whenever cut-decoder.ts would cut the same graph differently. */
export const CUT_VERSION = 1;

/** Outputs of a rebuilt or cut decoder: logits of four masks `[1, 4, 256, 256]` and their predicted IoU `[1, 4]`. */
export const DECODER_OUTPUTS = { logits: 'masks4', scores: 'iou4' } as const;
