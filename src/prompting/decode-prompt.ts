import { defined } from '#contract/defined';
import type { Prompt } from '#contract/vision/prompt';
import { logitAt } from '#geometry/logit-at';
import { logitsIou } from '#geometry/logits-iou';
import { sampleDepths } from '#geometry/sample-depths';
import {
  CELL_SIDE,
  GRID_SIDE,
  gridPoint,
  gridToModel,
  type ModelFrame,
  modelPoint,
  modelToGrid,
  unitPoint,
  unitToModel,
} from '#geometry/spaces';
import type { Candidate } from './candidate.ts';
import type { DecoderPrompt } from './decoder-prompt.ts';
import type { Click, DecodedMasks, RunDecoder } from './decoder-run.ts';
import { rankCandidates } from './rank-candidates.ts';

/** Labels of the SAM prompt encoder: what a coordinate stands for. Source: SAM, `SamOnnxModel._embed_points`. */
const PADDING = -1;
const BOX_TOP_LEFT = 2;
const BOX_BOTTOM_RIGHT = 3;

const GRID_CELLS = GRID_SIDE * GRID_SIDE;

/** Number of points that are decoded one after another, as SAM was trained with clicks that correct a mask. */
const SINGLE_POINTS = 8;
/** Points of each step after these, and the most of such steps: a run takes longer with each point. */
const GROUP_POINTS = 4;
const MOST_GROUPS = 6;
/** Most points for a decoder that is run once. */
const MOST_AT_ONCE = 100;

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
 * The first eight points of a long list are decoded so. Then come those that lie on the wrong side of the mask so far,
 * four in each of at most six steps, and at last others, up to 32 in all: a prompt has few runs, however many points it
 * has (docs/decisions/0060-few-runs-for-many-points.md).
 *
 * Points without a box are decoded once more at the end, with the logits of the last step fed back, and answered with
 * the mean of both, unless that has points on the wrong side that the last step has right
 * (docs/decisions/0021-decode-points-once-more.md).
 *
 * A mask to start from stands for the step before the first: its logits are fed back, and every step has the box
 * around it and, where no point is on the foreground, a click deep in it (docs/decisions/0075-start-from-a-mask.md).
 *
 * A decoder that takes no logits runs once, with all clicks. Scores are the model's own, which follow another order.
 */
export async function decodePrompt(
  run: RunDecoder,
  frame: ModelFrame,
  prompt: DecoderPrompt,
  { takesLogits }: { takesLogits: boolean } = { takesLogits: true },
): Promise<Candidate[]> {
  const { firstToken, startLogits } = prompt;
  const points = orderPoints(frame, prompt);
  const corners = startLogits && !prompt.boundingBox ? cornersAround(startLogits, points) : boxCorners(frame, prompt);
  const lacksForeground = !points.some(({ label }) => label === 1);
  const inner = startLogits && lacksForeground ? innerClick(startLogits, points) : [];
  const agrees = ({ logits }: Candidate) => points.every((point) => isRight(logits, point, frame));
  const [point, ...others] = points;
  if (point && others.length === 0 && corners.length === 0) {
    return clickCandidates(await run(withPadding(points)), point, frame);
  }

  const step = async (taken: Click[], previous?: { mask: Pick<Candidate, 'logits'> }): Promise<Step> => {
    const clicks = [...inner, ...taken, ...corners];
    const decoded = await run(corners.length > 0 ? clicks : withPadding(clicks), previous?.mask.logits);
    const [click, ...further] = clicks;
    const isFirstClick = click !== undefined && further.length === 0;
    const next = isFirstClick ? firstAnswer(decoded, click, frame, firstToken) : mask(decoded, 0);
    const standsIn = (other: Candidate) => agrees(other) && logitsIou(other.logits, next.logits, frame) > STAND_IN_IOU;
    return { taken, mask: next, answer: agrees(next) ? next : (candidates(decoded).find(standsIn) ?? next) };
  };

  if (!takesLogits) return [(await step([...points.slice(0, 1), ...spread(others, MOST_AT_ONCE - 1)])).answer];
  const single = points.slice(0, SINGLE_POINTS);
  const start = startLogits && { mask: { logits: startLogits } };
  let last = await step(corners.length > 0 && !start ? [] : single.slice(0, 1), start);
  while (last.taken.length < single.length) last = await step(single.slice(0, last.taken.length + 1), last);
  for (let group = 0; group < MOST_GROUPS; group++) {
    const wrong = points.filter((click) => !last.taken.includes(click) && !isRight(last.mask.logits, click, frame));
    if (wrong.length === 0) break;
    last = await step([...last.taken, ...spread(wrong, GROUP_POINTS)], last);
  }
  const room = SINGLE_POINTS + MOST_GROUPS * GROUP_POINTS - last.taken.length;
  const rest = spread(
    points.filter((click) => !last.taken.includes(click)),
    room,
  );
  if (rest.length > 0) last = await step([...last.taken, ...rest], last);
  if (corners.length > 0) return [last.answer];
  const again = mask(await run(withPadding(last.taken), last.mask.logits), 0);
  const settled = meanOf(last.mask, again);
  return [agrees(settled) || !agrees(last.answer) ? settled : last.answer];
}

/** A run of the decoder for some of the points: the mask that is fed back, and the answer if it were the last run. */
interface Step {
  taken: Click[];
  mask: Candidate;
  answer: Candidate;
}

const isRight = (logits: Float32Array, { at, label }: Click, frame: ModelFrame): boolean =>
  logitAt(logits, at, frame) > 0 === (label === 1);

/** Selects at most `most` clicks, spread evenly over the list. */
const spread = (clicks: Click[], most: number): Click[] =>
  clicks.length <= most
    ? clicks
    : clicks.filter((_, i) => Math.floor((i * most) / clicks.length) !== Math.floor(((i - 1) * most) / clicks.length));

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

/** A click deep in a mask and far from background clicks, which alone do not say what is meant. */
function innerClick(logits: Float32Array, points: Click[]): Click[] {
  const depths = sampleDepths((sample) => (logits[sample] ?? 0) > 0);
  const background = points.filter(({ label }) => label === 0).map(({ at }) => modelToGrid(at));
  let deepest = { depth: 0, sample: -1 };
  for (const [sample, depth] of depths.entries()) {
    if (depth <= deepest.depth) continue;
    const [x, y] = [sample % GRID_SIDE, Math.floor(sample / GRID_SIDE)];
    const free = background.reduce((least, at) => Math.min(least, Math.hypot(at.x - x, at.y - y)), depth);
    if (free > deepest.depth) deepest = { depth: free, sample };
  }
  const { sample } = deepest;
  return sample === -1
    ? []
    : [{ at: gridToModel(gridPoint(sample % GRID_SIDE, Math.floor(sample / GRID_SIDE))), label: 1 }];
}

/** Corners of the box around a mask and the foreground points that it misses. */
function cornersAround(logits: Float32Array, points: Click[]): Click[] {
  const xs = points.filter(({ label }) => label === 1).map(({ at }) => at.x);
  const ys = points.filter(({ label }) => label === 1).map(({ at }) => at.y);
  for (let row = 0; row < GRID_SIDE; row++) {
    const cells = logits.subarray(row * GRID_SIDE, (row + 1) * GRID_SIDE);
    const first = cells.findIndex((logit) => logit > 0);
    if (first === -1) continue;
    const last = cells.findLastIndex((logit) => logit > 0);
    xs.push(first * CELL_SIDE, (last + 1) * CELL_SIDE);
    ys.push(row * CELL_SIDE, (row + 1) * CELL_SIDE);
  }
  if (xs.length === 0) return [];
  return [
    { at: modelPoint(Math.min(...xs), Math.min(...ys)), label: BOX_TOP_LEFT },
    { at: modelPoint(Math.max(...xs), Math.max(...ys)), label: BOX_BOTTOM_RIGHT },
  ];
}

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
