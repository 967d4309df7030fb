import { GRID_SIDE, type ModelFrame, validSamples } from '../geometry/spaces.ts';
import type { Candidate } from '../inference/decode-prompt.ts';

/** Two masks that overlap more than this (intersection over union) are one and the same to a client. */
const DUPLICATE_IOU = 0.9;

/** Candidates best first, without those that repeat a better one. Compared are the samples that lie on the image. */
export function distinctCandidates(candidates: Candidate[], frame: ModelFrame): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    const repeats = kept.some(({ logits }) => logitsIou(logits, candidate.logits, frame) > DUPLICATE_IOU);
    if (!repeats) kept.push(candidate);
  }
  return kept;
}

/** 0 where both masks are empty: an empty one is left out later anyway. */
function logitsIou(a: Float32Array, b: Float32Array, { modelWidth, modelHeight }: ModelFrame): number {
  const columns = validSamples(modelWidth);
  const rows = validSamples(modelHeight);
  let intersection = 0;
  let union = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = row * GRID_SIDE; i < row * GRID_SIDE + columns; i++) {
      const inA = a[i]! > 0;
      const inB = b[i]! > 0;
      if (inA && inB) intersection++;
      if (inA || inB) union++;
    }
  }
  return union === 0 ? 0 : intersection / union;
}
