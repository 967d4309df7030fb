import { defined } from '#contract/defined';
import type { Prompt } from '#contract/vision/prompt';
import { logitAt } from '#geometry/logit-at';
import { logitsIou } from '#geometry/logits-iou';
import { GRID_SIDE, type ModelFrame, modelPoint, unitPoint, unitToModel } from '#geometry/spaces';
import type { Candidate } from './candidate.ts';
import type { DecoderPrompt } from './decoder-prompt.ts';
import type { Click, DecodedMasks, RunDecoder } from './decoder-run.ts';
import { rankCandidates } from './rank-candidates.ts';

/** Labels of the SAM prompt encoder: what a coordinate stands for. Source: SAM, `SamOnnxModel._embed_points`. */
const PADDING = -1;
const BOX_TOP_LEFT = 2;
const BOX_BOTTOM_RIGHT = 3;

const GRID_CELLS = GRID_SIDE * GRID_SIDE;

/** A mask with more points right replaces token 0 only if the two overlap more than this (intersection over union). */
const STAND_IN_IOU = 0.8;

/**
 * Decodes a prompt. A single point is ambiguous: its answer is the three candidates, best first, without those that
 * exclude the point while another contains it. Any other prompt has one answer: token 0, which SAM was trained to give
 * for prompts of more than one click, or, if that has points on the wrong side, the best of the other masks that is
 * much the same and has all of them right.
 *
 * Points are decoded one after the other, each with the logits of the previous step fed back, as SAM was trained with
 * clicks that correct the mask so far (docs/decisions/0018-which-mask-and-feedback.md). Token 0 is fed back even if
 * another mask replaces it in the answer. A box goes first and stays in every step; so does the first foreground point,
 * since a background point alone means nothing.
 *
 * Points without a box are decoded once more at the end, with the logits of the last step fed back, and answered with
 * the mean of both, unless that has points on the wrong side that the last step has right
 * (docs/decisions/0021-decode-points-once-more.md).
 *
 * A decoder that takes no logits runs once, with all clicks. Scores are the model's own, which follow another order.
 */
export async function decodePrompt(
  run: RunDecoder,
  frame: ModelFrame,
  prompt: DecoderPrompt,
  { takesLogits }: { takesLogits: boolean } = { takesLogits: true },
): Promise<Candidate[]> {
  const { firstToken } = prompt;
  const corners = boxCorners(frame, prompt);
  const points = orderPoints(frame, prompt);
  const agrees = ({ logits }: Candidate) =>
    points.every(({ at, label }) => logitAt(logits, at, frame) > 0 === (label === 1));
  const [point, ...others] = points;
  if (point && others.length === 0 && corners.length === 0) {
    return clickCandidates(await run(withPadding(points)), point, frame);
  }

  let previous: Candidate | undefined;
  let answer: Candidate | undefined;
  const firstStep = corners.length > 0 ? 0 : 1;
  for (let count = takesLogits ? firstStep : points.length; count <= points.length; count++) {
    const clicks = [...points.slice(0, count), ...corners];
    const decoded = await run(corners.length > 0 ? clicks : withPadding(clicks), previous?.logits);
    const [click, ...further] = clicks;
    const isFirstClick = click !== undefined && further.length === 0;
    const next = isFirstClick ? firstAnswer(decoded, click, frame, firstToken) : mask(decoded, 0);
    const standsIn = (other: Candidate) => agrees(other) && logitsIou(other.logits, next.logits, frame) > STAND_IN_IOU;
    answer = agrees(next) ? next : (candidates(decoded).find(standsIn) ?? next);
    previous = next;
  }
  if (!answer || !previous || corners.length > 0 || !takesLogits) return answer ? [answer] : [];
  const again = mask(await run(withPadding(points), previous.logits), 0);
  const settled = meanOf(previous, again);
  return [agrees(settled) || !agrees(answer) ? settled : answer];
}

/** The answer to the first of several clicks that the later ones correct. */
function firstAnswer(decoded: DecodedMasks, click: Click, frame: ModelFrame, token?: number): Candidate {
  if (token !== undefined) return mask(decoded, token);
  const [best] = clickCandidates(decoded, click, frame);
  return defined(best, 'mask of the first click');
}

/** Candidate with the mean logits of two, and the rest of the first. */
const meanOf = ({ logits, ...candidate }: Candidate, other: Candidate): Candidate => ({
  ...candidate,
  logits: logits.map((logit, i) => (logit + defined(other.logits[i], 'logit')) / 2),
});

const boxCorners = (frame: ModelFrame, { boundingBox: box }: Prompt): Click[] =>
  box
    ? [
        { at: unitToModel(unitPoint(box.xMin, box.yMin), frame), label: BOX_TOP_LEFT },
        { at: unitToModel(unitPoint(box.xMax, box.yMax), frame), label: BOX_BOTTOM_RIGHT },
      ]
    : [];

function orderPoints(frame: ModelFrame, { points = [] }: Prompt): Click[] {
  const clicks = points.map(({ x, y, label }) => ({ at: unitToModel(unitPoint(x, y), frame), label }));
  const first = clicks.find(({ label }) => label === 1);
  return first ? [first, ...clicks.filter((click) => click !== first)] : clicks;
}

/** Adds a padding click, which the prompt encoder needs if there is no box. */
const withPadding = (clicks: Click[]): Click[] => [...clicks, { at: modelPoint(0, 0), label: PADDING }];

const mask = ({ logits, scores }: DecodedMasks, token: number): Candidate => ({
  score: defined(scores[token], 'score of the mask'),
  logits: logits.subarray(token * GRID_CELLS, (token + 1) * GRID_CELLS),
  token,
});

const candidates = (answer: DecodedMasks): Candidate[] => [1, 2, 3].map((token) => mask(answer, token)).sort(byScore);

/**
 * The candidates for one click, best first by their rank (rank-candidates.ts), without those that leave the click out
 * while another holds it.
 */
function clickCandidates(answer: DecodedMasks, { at }: Click, frame: ModelFrame): Candidate[] {
  const all = candidates(answer);
  const holding = all.filter(({ logits }) => logitAt(logits, at, frame) > 0);
  return rankCandidates(holding.length > 0 ? holding : all, at, frame);
}

const byScore = (a: Candidate, b: Candidate) => b.score - a.score;
