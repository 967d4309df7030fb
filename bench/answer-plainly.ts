import type { Prompt } from '#contract/vision/prompt';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import type { ScoredMask, SegmentedImage } from '#geometry/segmented-image';
import { GRID_SIDE, type ModelFrame, modelPoint, unitPoint, unitToModel, unitToPixel } from '#geometry/spaces';
import type { Click, DecodedMasks, RunDecoder } from '#prompting/decoder-run';

const CELLS = GRID_SIDE * GRID_SIDE;
const PADDING: Click = { at: modelPoint(0, 0), label: -1 };

/**
 * What the weights answer by themselves, as SAM's own predictor uses them: to one click the three candidates by their
 * scores, to anything else mask 0, with points decoded one after the other and the logits of each answer fed back. No
 * windows, and no rule of the product but for its polygons.
 *
 * @param prompt a box alone, or points alone of which the first is of the foreground
 */
export async function answerPlainly(run: RunDecoder, frame: ModelFrame, prompt: Prompt): Promise<SegmentedImage> {
  const { imageWidth, imageHeight } = frame;
  const { points = [], boundingBox: box } = prompt;
  const marks = points.map(({ x, y, label }) => ({
    at: unitToPixel(unitPoint(x, y), frame),
    isForeground: label === 1,
  }));
  const answer = (candidates: Mask[]): SegmentedImage => ({
    imageWidth,
    imageHeight,
    segments: candidates
      .map(({ score, logits }): ScoredMask => ({ score, parts: logitsToPolygons(logits, frame, { marks }) }))
      .filter(({ parts }) => parts.length > 0),
  });
  const click = (x: number, y: number, label: number): Click => ({ at: unitToModel(unitPoint(x, y), frame), label });
  if (box) return answer([maskOf(await run([click(box.xMin, box.yMin, 2), click(box.xMax, box.yMax, 3)]), 0)]);

  const clicks = points.map(({ x, y, label }) => click(x, y, label));
  const first = await run([...clicks.slice(0, 1), PADDING]);
  const candidates = [1, 2, 3].map((token) => maskOf(first, token)).sort((a, b) => b.score - a.score);
  if (clicks.length === 1) return answer(candidates);
  let last = candidates[0]!;
  for (let count = 2; count <= clicks.length; count++) {
    last = maskOf(await run([...clicks.slice(0, count), PADDING], last.logits), 0);
  }
  return answer([last]);
}

interface Mask {
  score: number;
  logits: Float32Array;
}

const maskOf = ({ logits, scores }: DecodedMasks, token: number): Mask => ({
  score: scores[token]!,
  logits: logits.subarray(token * CELLS, (token + 1) * CELLS),
});
