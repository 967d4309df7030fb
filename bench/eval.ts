import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../src/config/load-config.ts';
import { choosePrecision } from '../src/models/choose-precision.ts';
import { createSegmenter } from '../src/segment/create-segmenter.ts';
import { type EvalObject, readObjects } from './coco-objects.ts';
import { evaluateObject, type ObjectScore } from './evaluate-object.ts';
import { misuse, readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { mean } from './statistics.ts';
import { type MosaicShape, writeMosaics } from './write-mosaics.ts';
import { writeScenes } from './write-scenes.ts';

const USAGE = `Usage: npm run eval -- --data DIR [--mosaic COLUMNSxROWS] [--limit N] [--json FILE]
       npm run eval -- --smoke [--json FILE]
Accuracy of the whole pipeline: polygons, rasterised at image size, against true masks. DIR holds images and objects.jsonl.
KONTUR_PRECISION, KONTUR_ASPECT_BUCKETS and KONTUR_DETAIL_WINDOWS count, other settings have their defaults.
--limit  only the first N objects
--mosaic the photos in DIR put together to large ones, such as 4x3, for small objects in large photos; without targets
--smoke  a few rendered scenes of solid shapes in place of DIR, with targets of their own: any sound engine finds these
Exit codes: 0 every target is met, 1 one is missed, 2 wrong command line.
`;

/** Targets for photographs: 266 objects of 100 photos of COCO train2017. */
const PHOTO_FLOORS = { box: 73.7, oneClick: 51.2, bestOfOneClick: 65.2, threeClicks: 71.2, fiveClicks: 80.2 };
/** Targets for rendered scenes. */
const SCENE_FLOORS = { box: 95, oneClick: 95, bestOfOneClick: 95, threeClicks: 95, fiveClicks: 95 };
/** Most vertices of a segment of a photograph, on average. */
const MOST_VERTICES = 100;

const { data, limit, mosaic, smoke, json } = readOptions(USAGE, 'data', 'limit', 'mosaic');
if ((data === undefined) !== smoke || (smoke && mosaic !== undefined)) misuse(USAGE);
const shape = mosaic === undefined ? undefined : readShape(mosaic);
if (data !== undefined && !existsSync(path.join(data, 'objects.jsonl')))
  misuse(`There is no objects.jsonl in ${data}.\n`);

const scores = await score();
const images = smoke ? 'rendered scenes' : shape ? `mosaics of ${mosaic} photographs` : 'photographs';
const source = {
  title: `Accuracy on ${images}, mean IoU in percent over ${scores.length} objects, through polygons`,
  command: commandLine(),
  settings: { ...engineSettings(), precision: await precision(), objects: scores.length },
};
report(source, rowsOf(scores, smoke ? SCENE_FLOORS : shape ? undefined : PHOTO_FLOORS), { jsonFile: json });

/** Command that reproduces these figures. */
function commandLine(): string {
  if (smoke) return 'npm run eval -- --smoke';
  const windows = process.env.KONTUR_DETAIL_WINDOWS
    ? `KONTUR_DETAIL_WINDOWS=${process.env.KONTUR_DETAIL_WINDOWS} `
    : '';
  const options = [mosaic && ` --mosaic ${mosaic}`, limit && ` --limit ${limit}`].filter(Boolean).join('');
  return `${windows}npm run eval -- --data DIR${options}`;
}

function score(): Promise<ObjectScore[]> {
  if (data === undefined) return inFolder(writeScenes);
  if (shape === undefined) return evaluate(readObjects(data));
  return inFolder((folder) => writeMosaics(folder, readObjects(data), shape));
}

/** Scores an evaluation set that is written to a temporary folder for this run. */
async function inFolder(write: (folder: string) => Promise<void>): Promise<ObjectScore[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-eval-'));
  try {
    await write(folder);
    return await evaluate(readObjects(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readShape(text: string): MosaicShape {
  const [, columns, rows] = /^([1-9])x([1-9])$/.exec(text) ?? [];
  return columns === undefined
    ? misuse(`--mosaic takes columns and rows up to 9, such as 4x3, not "${text}".\n`)
    : { columns: Number(columns), rows: Number(rows) };
}

async function evaluate(all: EvalObject[]): Promise<ObjectScore[]> {
  const objects = all.slice(0, readCount('limit', limit, all.length));
  const segmenter = await createSegmenter(engineSettings());
  const scores: ObjectScore[] = [];
  for (const [index, object] of objects.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\robject ${index + 1} of ${objects.length} `);
    scores.push(await evaluateObject(segmenter, object));
  }
  await segmenter.close();
  return scores;
}

function precision() {
  return choosePrecision({ precision: engineSettings().precision, flavour: 'mobilesam', provider: 'cpu' });
}

function engineSettings() {
  const { KONTUR_PRECISION, KONTUR_ASPECT_BUCKETS, KONTUR_DETAIL_WINDOWS } = process.env;
  const { precision, aspectBuckets, detailWindows } = loadConfig({
    KONTUR_PRECISION,
    KONTUR_ASPECT_BUCKETS,
    KONTUR_DETAIL_WINDOWS,
  });
  return { precision, aspectBuckets, detailWindows };
}

/** Without floors the rows have no targets. */
function rowsOf(scores: ObjectScore[], floors: typeof PHOTO_FLOORS | undefined): Row[] {
  const percent = (pick: (score: ObjectScore) => number) => 100 * mean(scores.map(pick));
  const atLeast = (name: keyof typeof PHOTO_FLOORS) => floors && { atLeast: floors[name] };
  const vertices = scores.flatMap((score) => score.vertices);
  const mostVertices = floors === PHOTO_FLOORS ? { atMost: MOST_VERTICES } : undefined;
  return [
    { name: 'box', measured: percent((s) => s.box), target: atLeast('box') },
    { name: 'one click, first segment', measured: percent((s) => s.clicks[0]!), target: atLeast('oneClick') },
    {
      name: 'one click, best of the answered',
      measured: percent((s) => s.bestOfOneClick),
      target: atLeast('bestOfOneClick'),
    },
    { name: '2 clicks', measured: percent((s) => s.clicks[1]!) },
    { name: '3 clicks', measured: percent((s) => s.clicks[2]!), target: atLeast('threeClicks') },
    { name: '5 clicks', measured: percent((s) => s.clicks[4]!), target: atLeast('fiveClicks') },
    { name: 'vertices a segment', measured: mean(vertices), target: mostVertices },
  ];
}
