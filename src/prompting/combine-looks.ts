import type { ImageWindow } from '#geometry/image-window';
import { logitsIou } from '#geometry/logits-iou';
import { seeThroughWindow } from '#geometry/see-through-window';
import type { ModelFrame } from '#geometry/spaces';
import type { Candidate } from './candidate.ts';
import { DUPLICATE_IOU } from './distinct-candidates.ts';
import type { RankedCandidate } from './rank-candidates.ts';

// A look is what the model makes of a prompt on a whole photo, or on a window of it at a higher resolution. The finer
// look has details that the other lacks, but no idea of what lies around; so it refines an answer of the whole photo,
// and never replaces one that it does not confirm (docs/decisions/0058-a-second-look-adds.md).

/** A look at a whole photo. */
export interface Look<Kind extends Candidate = Candidate> {
  /** How the photo, or the window, lies in the model's square. */
  frame: ModelFrame;
  /** Best first. */
  candidates: readonly Kind[];
}

/** A look at a window of the photo, whose frame is the window's. */
export interface CloseLook<Kind extends Candidate = Candidate> extends Look<Kind> {
  window: ImageWindow;
}

/** A candidate, and which look it is from. */
export interface SeenCandidate {
  candidate: RankedCandidate;
  isClose: boolean;
}

/** A close answer to a click stands for the whole photo's best where they overlap at least so much. */
const CLICK_CONFIRMED_IOU = 0.4;
/**
 * The threshold for the one answer to a box, which is less ambiguous, and to several clicks, each of which may be off.
 */
const ANSWER_CONFIRMED_IOU = { box: 0.3, clicks: 0.5 };
/** Masks of two looks that overlap more than this are the same one, drawn finer and coarser. */
const SAME_THING_IOU = 0.7;
const MOST_ANSWERS = 3;

/**
 * Combines what two looks answer to one click, best first. The close candidate that is most like the whole photo's best
 * comes first if it confirms that, else the whole photo's best. The others of both follow by their ranks, without those
 * that repeat a better one.
 */
export function combineLooks(whole: Look<RankedCandidate>, close: CloseLook<RankedCandidate>): SeenCandidate[] {
  const overlap = overlapOf(whole, close);
  const far = whole.candidates.map((candidate) => ({ candidate, isClose: false }));
  const near = close.candidates.map((candidate) => ({ candidate, isClose: true }));
  const [best] = far;
  const refined =
    best &&
    near
      .map((seen) => ({ seen, iou: overlap(seen, best) }))
      .filter(({ iou }) => iou >= CLICK_CONFIRMED_IOU)
      .sort((a, b) => b.iou - a.iou)[0]?.seen;
  const first = refined ?? best;
  const others = [...far, ...near].filter((seen) => seen !== first).sort((a, b) => b.candidate.rank - a.candidate.rank);
  const kept: SeenCandidate[] = [];
  for (const seen of first ? [first, ...others] : others) {
    const repeats = kept.some(
      (better) => overlap(seen, better) > (seen.isClose === better.isClose ? DUPLICATE_IOU : SAME_THING_IOU),
    );
    if (!repeats) kept.push(seen);
  }
  return kept.slice(0, MOST_ANSWERS);
}

/**
 * Whether the whole photo confirms the one close answer to a prompt, which then stands for its own. Where the photo has
 * none, there is nothing to lose.
 */
export function isConfirmed(
  { frame, candidates: [far] }: Look,
  close: CloseLook,
  kind: keyof typeof ANSWER_CONFIRMED_IOU,
): boolean {
  const [near] = close.candidates;
  if (!far || !near) return far === undefined;
  const seen = seeThroughWindow(far.logits, frame, close.window, close.frame);
  const isEmpty = seen.beyond === 0 && !seen.logits.some((logit) => logit > 0);
  return isEmpty || logitsIou(seen.logits, near.logits, close.frame, seen.beyond) >= ANSWER_CONFIRMED_IOU[kind];
}

/** Returns the overlap in the photo (intersection over union) of any two candidates of both looks. */
function overlapOf(whole: Look, close: CloseLook): (a: SeenCandidate, b: SeenCandidate) => number {
  const seen = new Map(
    whole.candidates.map((far) => [far, seeThroughWindow(far.logits, whole.frame, close.window, close.frame)]),
  );
  return (a, b) => {
    if (a.isClose === b.isClose) {
      return logitsIou(a.candidate.logits, b.candidate.logits, a.isClose ? close.frame : whole.frame);
    }
    const [far, near] = a.isClose ? [b.candidate, a.candidate] : [a.candidate, b.candidate];
    const inWindow = seen.get(far);
    return inWindow ? logitsIou(inWindow.logits, near.logits, close.frame, inWindow.beyond) : 0;
  };
}
