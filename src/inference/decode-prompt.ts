import type { Prompt } from '../contract/prompt.ts';
import { GRID_SIDE, type ModelFrame, type ModelPoint, modelPoint, unitPoint, unitToModel } from '../geometry/spaces.ts';

/** Labels of the SAM prompt encoder: what a coordinate stands for. Source: SAM, `SamOnnxModel._embed_points`. */
const PADDING = -1;
const BOX_TOP_LEFT = 2;
const BOX_BOTTOM_RIGHT = 3;

const GRID_CELLS = GRID_SIDE * GRID_SIDE;

/** A coordinate as the prompt encoder takes it. */
export interface Click {
  at: ModelPoint;
  label: number;
}

/** One run of the decoder: logits of all four masks `[4, 256, 256]`, one after the other, and their scores `[4]`. */
export interface DecoderAnswer {
  logits: Float32Array;
  scores: Float32Array;
}
export type RunDecoder = (clicks: Click[], previousLogits?: Float32Array) => Promise<DecoderAnswer>;

/** A mask that the prompt may mean: its predicted IoU, and its logits on the 256 grid of the model's square. */
export interface Candidate {
  score: number;
  logits: Float32Array;
}

/**
 * Decodes a prompt. One point alone is ambiguous: its answer are the three candidates, best first. Anything else has one
 * answer, token 0, which SAM was trained to give for prompts of more than one click.
 *
 * Points are decoded one after the other, each with the logits of the step before fed back, as SAM was trained with clicks
 * that correct the mask so far: after 5 clicks this is worth 4 points of mean IoU, after 10 up to 6. A box goes first and
 * stays in every step; of the points, the first of the foreground does, since a background point alone means nothing.
 */
export async function decodePrompt(run: RunDecoder, frame: ModelFrame, prompt: Prompt): Promise<Candidate[]> {
  const corners = boxCorners(frame, prompt);
  const points = orderPoints(frame, prompt);
  const isSinglePoint = points.length === 1 && corners.length === 0;
  if (isSinglePoint) return candidates(await run(withPadding(points)));

  let previous: Float32Array | undefined;
  let answer: Candidate | undefined;
  for (let count = corners.length > 0 ? 0 : 1; count <= points.length; count++) {
    const clicks = [...points.slice(0, count), ...corners];
    const decoded = await run(corners.length > 0 ? clicks : withPadding(clicks), previous);
    const isFirstClick = clicks.length === 1;
    answer = isFirstClick ? candidates(decoded)[0] : mask(decoded, 0);
    previous = answer?.logits;
  }
  return answer ? [answer] : [];
}

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

/** Without a box the prompt encoder wants one click that stands for none. */
const withPadding = (clicks: Click[]): Click[] => [...clicks, { at: modelPoint(0, 0), label: PADDING }];

const mask = ({ logits, scores }: DecoderAnswer, token: number): Candidate => ({
  score: scores[token]!,
  logits: logits.subarray(token * GRID_CELLS, (token + 1) * GRID_CELLS),
});

const candidates = (answer: DecoderAnswer): Candidate[] =>
  [1, 2, 3].map((token) => mask(answer, token)).sort((a, b) => b.score - a.score);
