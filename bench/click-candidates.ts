import { logitAt } from '#geometry/logit-at';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { GRID_SIDE, modelPoint, unitPoint, unitToModel, unitToPixel } from '#geometry/spaces';
import { type RankFeatures, rankFeatures } from '#prompting/rank-candidates';
import { CLICK_PLACES, type ClickPlace, placeClicks } from './click-places.ts';
import { type EvalObject, imageOf } from './coco-objects.ts';
import type { EvalEngine } from './eval-engine.ts';
import { seededBy } from './seeded.ts';

/** What the model offers for one click on an object: its three candidates, in the model's order. */
export interface ClickCandidates {
  place: ClickPlace;
  candidates: MeasuredCandidate[];
}

/** A candidate as ranking sees it, and how right it is. */
export interface MeasuredCandidate extends RankFeatures {
  /** Whether the mask holds the click. */
  holdsClick: boolean;
  /** Intersection over union of its polygons with the true mask. */
  iou: number;
}

const CELLS = GRID_SIDE * GRID_SIDE;

/** Decodes one click of each kind on an object, on the whole photo, and measures all candidates. */
export async function measureCandidates({ openDecoder }: EvalEngine, object: EvalObject): Promise<ClickCandidates[]> {
  const { width, height, mask: truth } = object;
  const { run, frame } = await openDecoder(await imageOf(object));
  const clicks = placeClicks(truth, width, seededBy(object.id));
  const measured: ClickCandidates[] = [];
  for (const place of CLICK_PLACES) {
    const { x, y } = clicks[place];
    const at = unitToModel(unitPoint(x, y), frame);
    const marks = [{ at: unitToPixel(unitPoint(x, y), frame), isForeground: true }];
    const answer = await run([
      { at, label: 1 },
      { at: modelPoint(0, 0), label: -1 },
    ]);
    const candidates = [1, 2, 3].map((token) => {
      const logits = answer.logits.subarray(token * CELLS, (token + 1) * CELLS);
      return {
        ...rankFeatures({ score: answer.scores[token]!, logits }, at, frame),
        holdsClick: logitAt(logits, at, frame) > 0,
        iou: maskIou(rasterise(logitsToPolygons(logits, frame, { marks }), width, height), truth),
      };
    });
    measured.push({ place, candidates });
  }
  return measured;
}
