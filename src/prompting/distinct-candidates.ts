import { logitsIou } from '#geometry/logits-iou';
import type { ModelFrame } from '#geometry/spaces';
import type { Candidate } from './decode-prompt.ts';

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
