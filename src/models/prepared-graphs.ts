// Versions and names of prepared graphs. They are apart from the builders, so that a process that finds the graphs in
// the cache folder does not load those.

/**
 * Version of the rebuilt encoder, raised whenever mobilesam/tinyvit/ would build another graph from the same weights.
 */
export const ENCODER_VERSION = 5;

/**
 * Version of the rebuilt decoder, raised whenever mobilesam/decoder/ would build another graph from the same weights.
 */
export const DECODER_VERSION = 4;

/** Version of the cut decoder, raised whenever cut-decoder.ts would cut the same graph differently. */
export const CUT_VERSION = 1;
