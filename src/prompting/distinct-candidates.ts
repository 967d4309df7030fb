import { logitsIou } from '#geometry/logits-iou';
import type { ModelFrame } from '#geometry/spaces';
import type { Candidate } from './candidate.ts';

/** Two masks that overlap more than this (intersection over union) count as duplicates. */
export const DUPLICATE_IOU = 0.9;

/**
 * Removes duplicates of better candidates; the candidates are sorted best first. Only samples on the image are
 * compared.
 */
export function distinctCandidates<Kind extends Candidate>(candidates: readonly Kind[], frame: ModelFrame): Kind[] {
  const kept: Kind[] = [];
  for (const candidate of candidates) {
    const repeats = kept.some(({ logits }) => logitsIou(logits, candidate.logits, frame) > DUPLICATE_IOU);
    if (!repeats) kept.push(candidate);
  }
  return kept;
}
