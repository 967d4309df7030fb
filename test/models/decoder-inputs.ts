import type { FloatTensor } from '../../src/models/open-session.ts';

/** Numbers from -1 to 1 that are the same in every run. */
export function pseudoRandom(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const embedding = pseudoRandom(256 * 64 * 64);

/** Inputs of a SAM decoder for clicks `[x, y, label]` in model pixels. */
export function decoderInputs(clicks: number[][], previousLogits?: Float32Array): Record<string, FloatTensor> {
  return {
    image_embeddings: { data: embedding, dims: [1, 256, 64, 64] },
    point_coords: { data: Float32Array.from(clicks.flatMap(([x, y]) => [x!, y!])), dims: [1, clicks.length, 2] },
    point_labels: { data: Float32Array.from(clicks, ([, , label]) => label!), dims: [1, clicks.length] },
    mask_input: { data: previousLogits ?? new Float32Array(256 * 256), dims: [1, 1, 256, 256] },
    has_mask_input: { data: Float32Array.of(previousLogits ? 1 : 0), dims: [1] },
  };
}
