import type { ImageWindow } from '#geometry/image-window';
import { type ImageSide, placeInMask } from '#geometry/place-in-mask';
import type { ImageSize, ModelFrame, ModelPoint } from '#geometry/spaces';
import type { Candidate } from './candidate.ts';

/** The features of a candidate for one click that decide its rank. */
export interface RankFeatures {
  /** The model's estimate of the mask's intersection over union with the object that is meant, 0..1. */
  score: number;
  /** Share of the photo that the mask covers, 0..1. */
  areaShare: number;
  /** How deep the click is in the mask, 0 to about 0.56 (geometry/place-in-mask.ts). */
  depth: number;
  /** How many of the photo's four sides the mask touches. */
  borders: number;
}

/** The weights of the features that are added to the score. */
export interface RankWeights {
  /** Per factor of ten in area: of two parts of an object the larger one is meant more often. */
  area: number;
  /** Subtracted per share of the photo beyond a tenth: masks that large are mostly background. */
  surplus: number;
  /** For a click deep inside: people click the middle of what they mean. */
  depth: number;
  /** Subtracted per side of the photo that the mask touches, except for one: the background touches several. */
  borders: number;
}

/** Fitted by `npm run fit-ranking`; the optimum is flat (docs/decisions/0057-four-terms-rank-candidates.md). */
export const RANK_WEIGHTS: RankWeights = { area: 0.06, surplus: 1.25, depth: 0.15, borders: 0.1 };

/** Shares below this count as this one, so that the logarithm of a mask of a few pixels does not decide alone. */
const LEAST_SHARE = 1e-4;
/** Share of the photo from which on larger masks rank lower. */
const LARGE_SHARE = 0.1;

/** Computes the rank of a candidate for one click: the highest is answered first. */
export function rankOf(
  { score, areaShare, depth, borders }: RankFeatures,
  { area, surplus, depth: depthWeight, borders: bordersWeight }: RankWeights = RANK_WEIGHTS,
): number {
  return (
    score +
    area * Math.log10(Math.max(areaShare, LEAST_SHARE)) -
    surplus * Math.max(0, areaShare - LARGE_SHARE) +
    depthWeight * depth -
    bordersWeight * Math.max(0, borders - 1)
  );
}

/** A window of a photo, and the size of the photo in pixels. */
export interface PartOfPhoto {
  window: ImageWindow;
  size: ImageSize;
}

/**
 * Measures a candidate for a click.
 *
 * @param at the click, in model pixels of the frame
 * @param frame how the photo, or the window of it, lies in the model's square
 * @param part the window that the frame is of; area and borders are the photo's in any case
 */
export function rankFeatures(
  { score, logits }: Pick<Candidate, 'score' | 'logits'>,
  at: ModelPoint,
  frame: ModelFrame,
  part?: PartOfPhoto,
): RankFeatures {
  const { depth, areaShare, touches } = placeInMask(logits, at, frame);
  const sides = Object.entries(touches) as [ImageSide, boolean][];
  const borders = sides.filter(([side, isTouched]) => isTouched && (!part || isSideOfPhoto(side, part))).length;
  return { score, depth, areaShare: areaShare * (part ? shareOfPhoto(part) : 1), borders };
}

/** A candidate for a click, with its rank among the candidates of all looks at the photo. */
export interface RankedCandidate extends Candidate {
  rank: number;
}

/** Ranks candidates for a click and sorts them, best first; see `rankFeatures` for the parameters. */
export function rankCandidates(
  candidates: readonly Candidate[],
  at: ModelPoint,
  frame: ModelFrame,
  part?: PartOfPhoto,
): RankedCandidate[] {
  return candidates
    .map((candidate) => ({ ...candidate, rank: rankOf(rankFeatures(candidate, at, frame, part)) }))
    .sort((a, b) => b.rank - a.rank);
}

const shareOfPhoto = ({ window, size }: PartOfPhoto): number =>
  (window.width * window.height) / (size.imageWidth * size.imageHeight);

function isSideOfPhoto(side: ImageSide, { window: { left, top, width, height }, size }: PartOfPhoto): boolean {
  switch (side) {
    case 'left':
      return left === 0;
    case 'top':
      return top === 0;
    case 'right':
      return left + width === size.imageWidth;
    case 'bottom':
      return top + height === size.imageHeight;
  }
}
