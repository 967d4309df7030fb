import { cpus } from 'node:os';
import { createEngine } from '../src/engine/create-engine.ts';
import { MOBILE_SAM } from '../src/models/catalogue.ts';
import { choosePrecision } from '../src/models/choose-precision.ts';
import { loadTestConfig } from '../testing/load-test-config.ts';
import { createFolders, startServerProcess } from '../testing/server-process.ts';
import { compareEncoders, compareEngines } from './compare-engines.ts';
import { measureColdStart } from './measure-cold-start.ts';
import { measureMemory } from './measure-memory.ts';
import { measurePrompts } from './measure-prompts.ts';
import { measureThroughput } from './measure-throughput.ts';
import { copiesMade, resizedPhoto } from './photos.ts';
import { readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { startShippedGraphs } from './shipped-graphs-process.ts';

const USAGE = `Usage: npm run bench [-- --rounds N] [--json FILE] [--smoke]
Kontur against the shipped graphs with onnxruntime's defaults, interleaved in one run; medians over the rounds (20). Jobs go through
HTTP to a server in its own process. KONTUR_ENGINE_THREADS, KONTUR_PRECISION and KONTUR_ASPECT_BUCKETS count, others have their defaults.
--smoke  one round that only shows that it works: no target is checked
Exit codes: 0 every target is met, 1 one is missed, 2 wrong command line.
`;

const { rounds: wishedRounds, smoke, json } = readOptions(USAGE, 'rounds');
const rounds = readCount('rounds', wishedRounds, smoke ? 1 : 20);
const size = smoke
  ? { rounds, warmUps: 0, samplesWhileEncoding: 1, blocks: 1, imagesPerBlock: 2 }
  : { rounds, warmUps: 1, samplesWhileEncoding: 2 * rounds, blocks: 5, imagesPerBlock: 32 };

const folders = createFolders();
const settings = Object.fromEntries(
  ['KONTUR_ENGINE_THREADS', 'KONTUR_PRECISION', 'KONTUR_ASPECT_BUCKETS'].flatMap((name) =>
    process.env[name] ? [[name, process.env[name]]] : [],
  ),
);
const config = loadTestConfig({ ...settings, KONTUR_DATA_DIR: folders.data });
const server = await startServerProcess(folders, { ...settings, KONTUR_LOG_LEVEL: 'info' });
const shipped = await startShippedGraphs();
const engine = createEngine({
  settings: {
    model: MOBILE_SAM,
    cacheDir: config.cacheDir,
    threads: config.engineThreads,
    maxPixels: config.maxPixels,
    precision: config.precision,
    provider: 'cpu',
    aspectBuckets: config.aspectBuckets,
  },
  embeddingCacheBytes: 64 * 1024 * 1024,
});
try {
  await engine.ready();
  const rows = await measure();
  const cpu = cpus()[0]?.model ?? 'this machine';
  const source = {
    title: `Speed on ${cpu}, ${config.engineThreads} threads, medians of ${rounds}`,
    command: `npm run bench -- ${smoke ? '--smoke' : `--rounds ${rounds}`}`,
    settings: {
      threads: config.engineThreads,
      rounds,
      precision: await precision(),
      aspectBuckets: config.aspectBuckets,
    },
  };
  report(source, rows, { jsonFile: json, checkTargets: !smoke });
} finally {
  shipped.close();
  await Promise.all([engine.close(), server.end('SIGTERM')]);
  folders.remove();
}

function precision() {
  return choosePrecision({ precision: config.precision, flavour: 'mobilesam', provider: 'cpu' });
}

async function measure(): Promise<Row[]> {
  const isInt8 = (await precision()) === 'int8';
  const targets = {
    encode: config.aspectBuckets ? 0.5 : 0.7,
    firstAnswer: 0.72,
    encodeNotApplicable: isInt8 ? undefined : 'the encoder computes in fp32 here',
  };
  const square = { name: '1024 x 1024', file: await resizedPhoto(folders.base, 1024, 1024) };
  const small = { name: '640 x 480', file: await resizedPhoto(folders.base, 640, 480) };
  const large = { name: '4000 x 3000', file: await resizedPhoto(folders.base, 4000, 3000) };
  const engines = { engine, shipped };
  return [
    ...(await compareEncoders(engines, square, { ...size, target: 0.7, notApplicable: targets.encodeNotApplicable })),
    ...(await compareEngines(engines, small, { ...size, targets: { ...targets, decode: 0.95 } })),
    ...(await compareEngines(engines, large, { ...size, targets: { ...targets, decode: 0.5 } })),
    ...(await measurePrompts({ server, engine, shipped }, size)),
    ...(await measureThroughput({ server, engine }, size)),
    ...measureMemory(
      { serverPid: server.process.pid!, shippedPid: shipped.pid },
      { images: copiesMade() + 1, cacheMb: config.embeddingCacheMb },
    ),
    ...(await measureColdStart({ cacheDir: config.cacheDir, folder: folders.base }, rounds)),
  ];
}
