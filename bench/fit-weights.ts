import { RANK_WEIGHTS, type RankWeights, rankOf } from '#prompting/rank-candidates';
import type { ClickCandidates, MeasuredCandidate } from './click-candidates.ts';
import { mean } from './statistics.ts';

/** Clicks of each evaluation set, by its name. */
export type ClicksOfSets = Record<string, ClickCandidates[]>;

/** Weights that were tried: every combination of these. */
const TRIED: Record<keyof RankWeights, number[]> = {
  area: [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2],
  surplus: [0, 0.5, 1, 1.5, 2, 3],
  depth: [0, 0.05, 0.1, 0.2, 0.3],
  borders: [0, 0.05, 0.1, 0.15, 0.2],
};

/** Weights, and the mean IoU of the first candidate in each set with them. */
export interface TriedWeights {
  weights: RankWeights;
  bySet: number[];
}

/** Mean IoU of each set with every combination of weights. */
export function tryWeights(sets: ClicksOfSets): TriedWeights[] {
  const clicks = Object.values(sets);
  return TRIED.area.flatMap((area) =>
    TRIED.surplus.flatMap((surplus) =>
      TRIED.depth.flatMap((depth) =>
        TRIED.borders.map((borders) => {
          const weights = { area, surplus, depth, borders };
          return { weights, bySet: clicks.map((set) => meanOfFirst(set, weights)) };
        }),
      ),
    ),
  );
}

/** Weights whose mean over the sets is this close to the best are as good: sets differ by far more. */
const AS_GOOD = 0.015;

/**
 * Fits weights to all sets, each counting the same, but for one that is left out. Where many combinations are about as
 * good as the best, which of them is the best is chance, so the result is the middle of them.
 */
export function fitWeights(tried: TriedWeights[], leftOut?: number): RankWeights {
  const rated = tried.map(({ weights, bySet }) => ({ weights, iou: mean(bySet.filter((_, set) => set !== leftOut)) }));
  const best = rated.reduce((most, { iou }) => Math.max(most, iou), 0);
  const asGood = rated.filter(({ iou }) => iou >= best - AS_GOOD);
  const middle = (name: keyof RankWeights) => mean(asGood.map(({ weights }) => weights[name]));
  return { area: middle('area'), surplus: middle('surplus'), depth: middle('depth'), borders: middle('borders') };
}

/** Mean IoU of the candidate that weights put first; by default those in use. */
export function meanOfFirst(clicks: ClickCandidates[], weights: RankWeights = RANK_WEIGHTS): number {
  return mean(clicks.map(({ candidates }) => first(candidates, (candidate) => rankOf(candidate, weights)).iou));
}

/** Mean IoU of the candidate with the best score, which is what the model alone answers. */
export const meanByScore = (clicks: ClickCandidates[]): number =>
  mean(clicks.map(({ candidates }) => best(candidates, ({ score }) => score).iou));

/** Mean IoU of the best candidate, which no order can exceed. */
export const meanOfBest = (clicks: ClickCandidates[]): number =>
  mean(clicks.map(({ candidates }) => best(candidates, ({ iou }) => iou).iou));

/** The best among those that hold the click, or of all where none does, as prompting/decode-prompt.ts answers. */
function first(candidates: MeasuredCandidate[], rank: (candidate: MeasuredCandidate) => number): MeasuredCandidate {
  const holding = candidates.filter(({ holdsClick }) => holdsClick);
  return best(holding.length > 0 ? holding : candidates, rank);
}

const best = <Item>(items: Item[], value: (item: Item) => number): Item =>
  items.reduce((most, item) => (value(item) > value(most) ? item : most));
