import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../src/config/load-config.ts';
import { choosePrecision } from '../src/models/choose-precision.ts';
import { type EvalObject, findSets, readObjects } from './coco-objects.ts';
import { EVAL_FOLDER, openEvalEngine } from './eval-engine.ts';
import { evalRows, type Floors, type ScoresOfSets } from './eval-rows.ts';
import { evaluatePair, type PairedScore } from './evaluate-pair.ts';
import { openKeptScores } from './kept-scores.ts';
import { misuse, readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import { showProgress } from './show-progress.ts';
import { type MosaicShape, writeMosaics } from './write-mosaics.ts';
import { SCENE_SIZES, writeScenes } from './write-scenes.ts';

const USAGE = `Usage: npm run eval -- --data DIR [--mosaic COLUMNSxROWS] [--limit N] [--json FILE]
       npm run eval -- --smoke [--json FILE]
Accuracy of the whole pipeline: polygons, rasterised at image size, against true masks, next to what the same weights
answer without any rule (best score, no windows). DIR holds images and objects.jsonl, or several folders that do.
KONTUR_PRECISION, KONTUR_ASPECT_BUCKETS and KONTUR_DETAIL_WINDOWS count, other settings have their defaults.
Embeddings stay in eval-out/, and so do scores as long as the sources are those of one commit: a run goes on where one
before it was interrupted.
--limit  only the first N objects of each set
--mosaic the photos in DIR put together to large ones, such as 4x3, for small objects in large photos; without targets
--smoke  a few rendered scenes of solid shapes instead of DIR, with their own targets: any sound engine finds these
Exit codes: 0 every target is met, 1 one is missed, 2 wrong command line.
`;

/** Floors of sets by their names; of others only the difference to the plain weights is judged. */
const PHOTO_FLOORS: Record<string, Floors> = {
  'coco-train-100': {
    iou: {
      box: 73.7,
      'one click, first segment': 51.2,
      'one click, best of the answered': 65.2,
      '3 clicks': 71.2,
      '5 clicks': 80.2,
    },
    mostVertices: 100,
  },
};
/** Rendered scenes, whose shapes are solid: whatever is asked, the answer is nearly exact. */
const SCENES: Floors = {
  iou: {
    box: 95,
    'one click, first segment': 95,
    'one click, best of the answered': 95,
    '3 clicks': 95,
    '5 clicks': 95,
  },
};
const SCENE_FLOORS: Record<string, Floors> = { ellipses: SCENES, polygons: SCENES };

const { data, limit, mosaic, smoke, json } = readOptions(USAGE, 'data', 'limit', 'mosaic');
if ((data === undefined) !== smoke || (smoke && mosaic !== undefined)) misuse(USAGE);
const shape = mosaic === undefined ? undefined : readShape(mosaic);
const most = readCount('limit', limit, Number.POSITIVE_INFINITY);
if (data !== undefined && findSets(data).length === 0) misuse(`There is no objects.jsonl in ${data} or its folders.\n`);

const settings = { ...engineSettings(), precision: await precision() };
const scores = await score();
const objects = Object.values(scores).flat().length;
const images = smoke ? 'rendered scenes' : shape ? `mosaics of ${mosaic} photographs` : 'photographs';
report(
  {
    title: `Accuracy on ${images}, mean IoU in percent, through polygons, and points above plain weights`,
    command: commandLine(),
    settings: { ...settings, sets: Object.keys(scores).length, objects },
  },
  evalRows(scores, { floors: smoke ? SCENE_FLOORS : shape ? {} : PHOTO_FLOORS, checksPlain: !smoke && !shape }),
  { jsonFile: json },
);

/** Command that reproduces these figures. */
function commandLine(): string {
  if (smoke) return 'npm run eval -- --smoke';
  const windows = process.env.KONTUR_DETAIL_WINDOWS
    ? `KONTUR_DETAIL_WINDOWS=${process.env.KONTUR_DETAIL_WINDOWS} `
    : '';
  const options = [mosaic && ` --mosaic ${mosaic}`, limit && ` --limit ${limit}`].filter(Boolean).join('');
  return `${windows}npm run eval -- --data DIR${options}`;
}

function score(): Promise<ScoresOfSets> {
  if (data !== undefined && shape === undefined) return evaluate(findSets(data), EVAL_FOLDER);
  return inFolder(async (folder) => {
    if (data === undefined) {
      await writeScenes(
        path.join(folder, 'ellipses'),
        SCENE_SIZES.filter(([, , kind]) => kind === 'ellipse'),
      );
      await writeScenes(
        path.join(folder, 'polygons'),
        SCENE_SIZES.filter(([, , kind]) => kind === 'polygon'),
      );
      return evaluate(findSets(folder), path.join(folder, 'cache'));
    }
    for (const set of findSets(data)) {
      await writeMosaics(path.join(folder, path.basename(set)), readObjects(set), shape!);
    }
    return evaluate(findSets(folder), EVAL_FOLDER);
  });
}

/** Runs what writes evaluation sets to a temporary folder and scores them. */
async function inFolder(run: (folder: string) => Promise<ScoresOfSets>): Promise<ScoresOfSets> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-eval-'));
  try {
    return await run(folder);
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

async function evaluate(sets: string[], cache: string): Promise<ScoresOfSets> {
  const engine = await openEvalEngine(cache, settings);
  const kept = openKeptScores(cache, settings);
  const scored: ScoresOfSets = {};
  const objectsOf = (set: string): EvalObject[] => readObjects(set).slice(0, most);
  for (const set of sets) {
    const name = path.basename(set);
    const all = objectsOf(set);
    const ofSet: PairedScore[] = [];
    for (const [index, object] of all.entries()) {
      showProgress(`${name}: object ${index + 1} of ${all.length}`);
      ofSet.push(kept.find(set, object.id) ?? kept.keep(set, await evaluatePair(engine, object, settings)));
    }
    scored[name] = ofSet;
  }
  await engine.close();
  return scored;
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
