import type { Prompt, PromptPoint } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { unitPoint, unitToPixel } from '#geometry/spaces';
import { CLICK_PLACES, type ClickPlace, placeClicks } from './click-places.ts';
import type { EvalObject } from './coco-objects.ts';
import { nextClick } from './next-click.ts';
import { seededBy } from './seeded.ts';

/** Answers a prompt on the image of an object, best segment first. */
export type Answer = (prompt: Prompt) => Promise<Segment[]>;

/** Scores of one object: IoU by each kind of prompt, and the vertices of every segment answered. */
export interface ObjectScore {
  box: number;
  /** IoU of the first segment answered to one click, by the place of the click. */
  oneClick: Record<ClickPlace, number>;
  /** Best IoU among the segments answered to a click in the middle. */
  bestOfOneClick: number;
  /** IoU of the first segment answered, after 1, 2, … clicks, of which the first is in the middle. */
  clicks: number[];
  vertices: number[];
}

const MAX_CLICKS = 5;

/**
 * Prompts for the object by its box, by one click in each kind of place, then by clicks that correct the answer so far;
 * through polygons at image size.
 */
export async function evaluateObject(answer: Answer, object: EvalObject): Promise<ObjectScore> {
  const { id, width, height, bbox, mask: truth } = object;
  const [x, y, w, h] = bbox;
  const vertices: number[] = [];
  const draw = async (prompt: Prompt) => {
    const segments = await answer(prompt);
    vertices.push(...segments.map(countVertices));
    return segments.map((segment) => drawSegment(segment, width, height));
  };
  const first = ([mask]: Uint8Array[]) => (mask ? maskIou(mask, truth) : 0);
  const boundingBox = { xMin: x / width, yMin: y / height, xMax: (x + w) / width, yMax: (y + h) / height };
  const box = first(await draw({ boundingBox }));

  const places = placeClicks(truth, width, seededBy(id));
  const answers = {} as Record<ClickPlace, Uint8Array[]>;
  for (const place of CLICK_PLACES) answers[place] = await draw({ points: [places[place]] });
  const oneClick = { middle: first(answers.middle), inside: first(answers.inside), anywhere: first(answers.anywhere) };
  const bestOfOneClick = Math.max(0, ...answers.middle.map((mask) => maskIou(mask, truth)));

  const points: PromptPoint[] = [places.middle];
  const clicks = [oneClick.middle];
  const nothing = new Uint8Array(width * height);
  let current = answers.middle[0] ?? nothing;
  while (points.length < MAX_CLICKS) {
    points.push(nextClick(truth, current, { width, height, earlier: points }));
    const masks = await draw({ points });
    clicks.push(first(masks));
    current = masks[0] ?? nothing;
  }
  return { box, oneClick, bestOfOneClick, clicks, vertices };
}

const countVertices = ({ polygons }: Segment): number =>
  polygons.reduce((sum, { vertices }) => sum + vertices.length, 0);

function drawSegment(segment: Segment, imageWidth: number, imageHeight: number): Uint8Array {
  const size = { imageWidth, imageHeight };
  const parts = segment.polygons.map(({ vertices }) => ({
    outer: vertices.map(({ x, y }) => unitToPixel(unitPoint(x, y), size)),
    holes: [],
  }));
  return rasterise(parts, imageWidth, imageHeight);
}
