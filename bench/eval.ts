import { parseArgs } from 'node:util';
import type { Prompt, PromptPoint } from '../src/contract/prompt.ts';
import type { Segment } from '../src/contract/segment-job.ts';
import { maskIou } from '../src/geometry/mask-iou.ts';
import { rasterise } from '../src/geometry/rasterise.ts';
import { unitPoint, unitToPixel } from '../src/geometry/spaces.ts';
import { createSegmenter, type Segmenter } from '../src/segment/create-segmenter.ts';
import { type EvalObject, readObjects } from './coco-objects.ts';
import { nextClick } from './next-click.ts';
import { mean, report } from './report.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    json: { type: 'string' },
    limit: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
});
if (!values.data) {
  process.stderr.write(`Usage: npm run eval -- --data DIR [--limit N] [--json FILE] [--smoke]
Accuracy of the whole pipeline: polygons, rasterised at image size, against true masks. DIR holds images and objects.jsonl.
--limit  only the first N objects; --smoke  a run that only shows that it works: no target is checked\n`);
  process.exit(2);
}

const MAX_CLICKS = 5;
const objects = readObjects(values.data).slice(0, values.limit ? Number(values.limit) : undefined);
const segmenter = await createSegmenter();
const scores: Awaited<ReturnType<typeof evaluate>>[] = [];
for (const [index, object] of objects.entries()) {
  if (process.stderr.isTTY) process.stderr.write(`\robject ${index + 1} of ${objects.length} `);
  scores.push(await evaluate(segmenter, object));
}
await segmenter.close();

const percent = (pick: (score: (typeof scores)[number]) => number) => 100 * mean(scores.map(pick));
report(
  `Accuracy, mean IoU in percent over ${objects.length} objects, through polygons`,
  [
    { name: 'box', measured: percent((s) => s.box), target: { atLeast: 73 } },
    { name: 'one click, first segment', measured: percent((s) => s.clicks[0]), target: { atLeast: 50.5 } },
    { name: 'one click, best of the answered', measured: percent((s) => s.bestOfOneClick), target: { atLeast: 64.5 } },
    { name: '3 clicks', measured: percent((s) => s.clicks[2]) },
    { name: '5 clicks', measured: percent((s) => s.clicks[4]), target: { atLeast: 79 } },
    { name: 'vertices a segment', measured: mean(scores.flatMap((s) => s.vertices)) },
  ],
  { jsonFile: values.json, checkTargets: !values.smoke },
);

/** IoU of each kind of prompt on one object, and the vertices of every segment answered. */
async function evaluate(segmenter: Segmenter, object: EvalObject) {
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
