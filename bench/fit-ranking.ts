import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RANK_WEIGHTS, type RankWeights } from '#prompting/rank-candidates';
import { measureCandidates } from './click-candidates.ts';
import { findSets, readObjects } from './coco-objects.ts';
import { EVAL_FOLDER, openEvalEngine } from './eval-engine.ts';
import { type ClicksOfSets, fitWeights, meanByScore, meanOfBest, meanOfFirst, tryWeights } from './fit-weights.ts';
import { misuse, readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { showProgress } from './show-progress.ts';
import { mean } from './statistics.ts';
import { SCENE_SIZES, writeScenes } from './write-scenes.ts';

const USAGE = `Usage: npm run fit-ranking -- --data DIR [--limit N] [--json FILE]
       npm run fit-ranking -- --smoke [--json FILE]
Fits the weights that order the candidates for one click (src/prompting/rank-candidates.ts), and says how well they do
on each set with weights that were fitted without it. DIR holds evaluation sets, each with images and objects.jsonl.
--limit  only the first N objects of each set
--smoke  a few rendered scenes instead of DIR, which only show that it works
Exit codes: 0 the weights in use hold, 1 fitted ones are better, 2 wrong command line.
`;

/** How much better weights that know all sets may be than those in use, in points of the mean over the sets. */
const SLACK = 0.5;

const { data, limit, smoke, json } = readOptions(USAGE, 'data', 'limit');
if ((data === undefined) !== smoke) misuse(USAGE);
const most = readCount('limit', limit, Number.POSITIVE_INFINITY);
if (data !== undefined && findSets(data).length === 0) misuse(`There is no objects.jsonl in ${data} or its folders.\n`);

const sets = data === undefined ? await measureScenes() : await measureSets(data);
const tried = tryWeights(sets);
const names = Object.keys(sets);
const fitted = fitWeights(tried);
const percent = (share: number) => 100 * share;
const perSet = (name: string, measure: (set: string, place: number) => number): Row[] => {
  const values = names.map(measure);
  return [
    { name, measured: percent(mean(values)), note: 'mean over the sets' },
    ...names.map((set, place) => ({ name: `  ${set}`, measured: percent(values[place]!) })),
  ];
};
const inUse = perSet('weights in use', (set) => meanOfFirst(sets[set]!));
const leftOut = perSet('weights fitted without the set', (set, place) =>
  meanOfFirst(sets[set]!, fitWeights(tried, place)),
);
const toAll = perSet('weights fitted to all sets', (set) => meanOfFirst(sets[set]!, fitted));
const rows: Row[] = [
  ...perSet('score alone', (set) => meanByScore(sets[set]!)),
  ...leftOut,
  ...toAll,
  ...inUse,
  ...perSet('best of the three', (set) => meanOfBest(sets[set]!)),
  {
    name: 'in use, less fitted without the set',
    measured: inUse[0]!.measured - leftOut[0]!.measured,
    target: { atLeast: 0 },
  },
  {
    name: 'in use, less fitted to all sets',
    measured: inUse[0]!.measured - toAll[0]!.measured,
    target: { atLeast: -SLACK },
  },
  ...(Object.keys(RANK_WEIGHTS) as (keyof RankWeights)[]).flatMap((name) => [
    { name: `weight of ${name}, fitted to all sets`, measured: fitted[name] },
    { name: `weight of ${name}, in use`, measured: RANK_WEIGHTS[name] },
  ]),
];
const clicks = Object.values(sets).flat().length;
report(
  {
    title: `First candidate of one click, mean IoU in percent over ${names.length} sets, ${clicks} clicks`,
    command: smoke
      ? 'npm run fit-ranking -- --smoke'
      : `npm run fit-ranking -- --data DIR${limit ? ` --limit ${limit}` : ''}`,
    settings: { sets: names.length, clicks },
  },
  rows,
  { jsonFile: json, checkTargets: !smoke },
);

async function measureSets(folder: string, cache = EVAL_FOLDER): Promise<ClicksOfSets> {
  const engine = await openEvalEngine(cache);
  const measured: ClicksOfSets = {};
  for (const set of findSets(folder)) {
    const name = path.basename(set);
    const objects = readObjects(set).slice(0, most);
    measured[name] = [];
    for (const [index, object] of objects.entries()) {
      showProgress(`${name}: object ${index + 1} of ${objects.length}`);
      measured[name].push(...(await measureCandidates(engine, object)));
    }
  }
  await engine.close();
  return measured;
}

async function measureScenes(): Promise<ClicksOfSets> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-fit-'));
  try {
    await writeScenes(path.join(folder, 'first'), SCENE_SIZES.slice(0, 2));
    await writeScenes(path.join(folder, 'second'), SCENE_SIZES.slice(2));
    return await measureSets(folder, path.join(folder, 'cache'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
