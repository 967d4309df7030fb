import { logitsToPolygons } from '#geometry/logits-to-polygons';
import type { Engine } from '../src/engine/engine.ts';
import { segmentImage } from '../src/segment/segment-image.ts';
import { POINT, pointPrompt } from './photos.ts';
import type { Row } from './row.ts';
import type { ShippedGraphs } from './shipped-graphs-process.ts';
import { quantile } from './statistics.ts';
import { timedAfterRest } from './timed.ts';

export interface EngineTargets {
  /** Targets as multiples of the shipped graphs' time. */
  encode: number;
  decode: number;
  firstAnswer: number;
  /** Why the encode target does not apply here. */
  encodeNotApplicable?: string;
}

let hashes = 0;
/** A new hash, which makes the engine treat a photo as new. */
export const newHash = (): string => `${++hashes}`.padStart(64, '0');

interface Engines {
  engine: Engine;
  shipped: ShippedGraphs;
}

interface Photo {
  name: string;
  file: string;
}

interface Rounds {
  rounds: number;
  warmUps: number;
}

/** Compares the time from file to embedding: Kontur's engine and the shipped graphs, interleaved on one photo. */
export async function compareEncoders(
  { engine, shipped }: Engines,
  { name, file }: Photo,
  { target, notApplicable, ...size }: Rounds & { target: number; notApplicable?: string },
): Promise<Row[]> {
  const encode = await inTurns(size, {
    theirs: () => shipped.run('encode', file, POINT),
    ours: () => engine.embed({ path: file, contentHash: newHash() }),
  });
  return rowsOf(`encode, ${name}`, encode, target, notApplicable);
}

/**
 * Compares Kontur's engine and the shipped graphs, interleaved on one photo, so that a busy machine slows both: file to
 * embedding, embedding to logits (the shipped decoder: to a mask at image size), file to polygons (the shipped graphs:
 * to the mask).
 */
export async function compareEngines(
  engines: Engines,
  photo: Photo,
  { targets, ...size }: Rounds & { targets: EngineTargets },
): Promise<Row[]> {
  const { engine, shipped } = engines;
  const { name, file } = photo;
  const newFile = () => ({ path: file, contentHash: newHash() });
  const known = newFile();
  const frame = await engine.embed(known);
  const [candidate] = await engine.decode(known, pointPrompt());

  // First, since the shipped graphs decode on the image that they encoded last.
  const encodeRows = await compareEncoders(engines, photo, {
    ...size,
    target: targets.encode,
    notApplicable: targets.encodeNotApplicable,
  });
  const decode = await inTurns(size, {
    theirs: () => shipped.run('decode', file, POINT),
    ours: () => engine.decode(known, pointPrompt()),
  });
  const firstAnswer = await inTurns(size, {
    theirs: () => shipped.run('both', file, POINT),
    ours: () => segmentImage({ engine, detailWindows: false }, newFile(), pointPrompt()),
  });
  const polygons = await inTurns(size, {
    theirs: async () => {},
    ours: async () => logitsToPolygons(candidate!.logits, frame),
  });
  return [
    ...encodeRows,
    ...rowsOf(`decode of one point, ${name}`, decode, targets.decode),
    ...rowsOf(`first answer, ${name}`, firstAnswer, targets.firstAnswer),
    { name: `polygons of one mask, ${name}`, measured: polygons.ms, unit: 'ms' },
  ];
}

interface Comparison {
  ms: number;
  ratio: number;
}

type Task = () => Promise<unknown>;

async function inTurns(
  { rounds, warmUps }: Rounds,
  { theirs, ours }: { theirs: Task; ours: Task },
): Promise<Comparison> {
  const times = { theirs: [] as number[], ours: [] as number[] };
  for (let round = -warmUps; round < rounds; round++) {
    const [theirMs, ourMs] = [await timedAfterRest(theirs), await timedAfterRest(ours)];
    if (round < 0) continue;
    times.theirs.push(theirMs);
    times.ours.push(ourMs);
  }
  const ms = quantile(times.ours);
  return { ms, ratio: ms / quantile(times.theirs) };
}

const rowsOf = (task: string, { ms, ratio }: Comparison, atMost: number, notApplicable?: string): Row[] => [
  { name: task, measured: ms, unit: 'ms' },
  { name: '  ratio to the shipped graphs', measured: ratio, target: { atMost }, notApplicable, note: task },
];
