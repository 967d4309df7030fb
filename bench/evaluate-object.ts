import type { Prompt, PromptPoint } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { unitPoint, unitToPixel } from '#geometry/spaces';
import type { Segmenter } from '../src/segment/segmenter.ts';
import type { EvalObject } from './coco-objects.ts';
import { nextClick } from './next-click.ts';

/** Scores of one object: IoU by each kind of prompt, and the vertices of every segment answered. */
export interface ObjectScore {
  box: number;
  /** IoU of the first segment answered, after 1, 2, … clicks. */
  clicks: number[];
  /** Best IoU among the segments answered to the first click. */
  bestOfOneClick: number;
  vertices: number[];
}

const MAX_CLICKS = 5;

/** Prompts for the object by its box, then by clicks that correct the answer so far, through polygons at image size. */
export async function evaluateObject(segmenter: Segmenter, object: EvalObject): Promise<ObjectScore> {
  const { width, height, bbox, mask: truth } = object;
  const [x, y, w, h] = bbox;
  const vertices: number[] = [];
  const answer = async (prompt: Prompt) => {
    const { segments } = await segmenter.segment(object.imageFile, prompt);
    vertices.push(
      ...segments.map((segment) => segment.polygons.reduce((sum, polygon) => sum + polygon.vertices.length, 0)),
    );
    return segments.map((segment) => drawSegment(segment, width, height));
  };
  const boundingBox = { xMin: x / width, yMin: y / height, xMax: (x + w) / width, yMax: (y + h) / height };
  const nothing = new Uint8Array(width * height);
  const [boxMask = nothing] = await answer({ boundingBox });

  const points: PromptPoint[] = [];
  const clicks: number[] = [];
  let bestOfOneClick = 0;
  let current: Uint8Array = nothing;
  for (let click = 0; click < MAX_CLICKS; click++) {
    points.push(nextClick(truth, current, { width, height, earlier: points }));
    const masks = await answer({ points });
    const ious = masks.map((mask) => maskIou(mask, truth));
    if (click === 0) bestOfOneClick = Math.max(0, ...ious);
    clicks.push(ious[0] ?? 0);
    current = masks[0] ?? nothing;
  }
  return { box: maskIou(boxMask, truth), clicks, bestOfOneClick, vertices };
}

function drawSegment(segment: Segment, imageWidth: number, imageHeight: number): Uint8Array {
  const size = { imageWidth, imageHeight };
  const parts = segment.polygons.map(({ vertices }) => ({
    outer: vertices.map(({ x, y }) => unitToPixel(unitPoint(x, y), size)),
    holes: [],
  }));
  return rasterise(parts, imageWidth, imageHeight);
}
