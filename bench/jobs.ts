import type { Database, DatabaseLocation } from '../src/database/open-database.ts';
import { startPostgresServer } from '../testing/postgres-server.ts';
import { type BenchDatabase, benchPostgres, type OpenBenchDatabase, openBenchPglite } from './jobs-databases.ts';
import { measureRequests } from './jobs-many-finished.ts';
import { measureMemory, measureWorkers } from './jobs-processes.ts';
import { measureJobDelays } from './jobs-through-http.ts';
import { measureThroughput } from './jobs-throughput.ts';
import { misuse, readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { quantile } from './statistics.ts';

const USAGE = `Usage: npm run bench:jobs [-- --finished N] [--jobs N] [--postgres URL] [--json FILE] [--smoke]
Measures what a job costs in addition to the engine, with a stand-in for it that takes no time, on PGlite and on PostgreSQL: jobs a second
against bare pg-boss, the time around a job, worker processes, requests with many finished jobs, memory.
--finished  finished jobs in the table (1000000)
--jobs      jobs over which memory is watched (5000)
--postgres  a PostgreSQL server, without a database name, to make databases on (default: its own server)
--smoke     smallest sizes, which only show that it works
Exit codes: 0 all targets are met, 1 some are not, 2 wrong command line.
`;
/** Fewest jobs for which memory can be compared. */
const LEAST_JOBS = 100;
const WORKER_COUNTS = [1, 2, 4];

const {
  smoke,
  json,
  finished: finishedText,
  jobs: jobsText,
  postgres: given,
} = readOptions(USAGE, 'finished', 'jobs', 'postgres');
const fewFinished = smoke ? 100 : 1_000;
const finished = readCount('finished', finishedText, smoke ? 1_000 : 1_000_000);
const jobs = readCount('jobs', jobsText, smoke ? 100 : 5_000);
if (jobs < LEAST_JOBS) misuse(`--jobs takes ${LEAST_JOBS} or more.\n`);
const sizes = smoke
  ? { rounds: 1, jobsPerRound: 50, idleJobs: 5, requests: 5, workerRounds: 1, windowMs: 200 }
  : { rounds: 5, jobsPerRound: 500, idleJobs: 200, requests: 300, workerRounds: 3, windowMs: 3_000 };

const server = given === undefined ? await startPostgresServer() : undefined;
const openPostgres = benchPostgres(given ?? server!.url);
const rows: Row[] = [];
try {
  for (const [kind, open] of [
    ['PGlite', openBenchPglite],
    ['PostgreSQL', openPostgres],
  ] as const) {
    const bench = await open();
    rows.push(...(await throughputRows(kind, bench.database)), ...(await delayRows(kind, bench)));
    // PGlite can be used by one process at a time.
    await bench.database.close();
    rows.push(...(await memoryRows(kind, bench.location)));
    await bench.remove();
    rows.push(...(await requestRows(kind, open)));
  }
  rows.push(...(await workerRows()));
} finally {
  await server?.remove();
}
const source = {
  title: `Jobs, without the engine; many finished jobs are ${finished}, few ${fewFinished}, a long run ${jobs} jobs`,
  command: `npm run bench:jobs -- ${smoke ? '--smoke' : `--finished ${finished} --jobs ${jobs}`}`,
  settings: { finished, fewFinished, jobs },
};
report(source, rows, { jsonFile: json, checkTargets: !smoke });

async function throughputRows(kind: string, database: Database): Promise<Row[]> {
  const { ours, bare, ratio } = await measureThroughput(database, sizes);
  return [
    { name: `${kind}: jobs a second, submitted to Completed`, measured: ours },
    { name: '  bare pg-boss, sent to handled', measured: bare },
    { name: '  ratio', measured: ratio, target: { atLeast: 0.5 }, note: `${kind}: median of interleaved rounds` },
  ];
}

async function delayRows(kind: string, bench: BenchDatabase): Promise<Row[]> {
  const { startP50, completedP50, completedP99 } = await measureJobDelays(bench, sizes.idleJobs);
  return [
    { name: `${kind}, idle: POST to start of work, p50`, measured: startP50, unit: 'ms', target: { atMost: 20 } },
    { name: '  POST to Completed, p50', measured: completedP50, unit: 'ms', note: kind },
    { name: '  POST to Completed, p99', measured: completedP99, unit: 'ms', note: kind },
  ];
}

async function memoryRows(kind: string, location: DatabaseLocation): Promise<Row[]> {
  const { settled, end } = await measureMemory(location, jobs);
  return [
    { name: `${kind}: memory over a long run, last fifth`, measured: end, unit: 'MB' },
    { name: '  to second fifth', measured: end / settled, target: { atMost: 1.1 }, note: kind },
  ];
}

async function requestRows(kind: string, open: OpenBenchDatabase): Promise<Row[]> {
  const { post, get, fillSeconds, jobBytes } = await measureRequests(open, {
    few: fewFinished,
    many: finished,
    requests: sizes.requests,
  });
  const row = (name: string, { few, many }: { few: number; many: number }): Row[] => [
    { name: `${kind}: ${name} with many finished jobs, p50`, measured: many, unit: 'ms' },
    { name: '  to that with few', measured: many / few, target: { atMost: 1.3 }, note: `${kind}: ${name}` },
  ];
  return [
    ...row('POST', post),
    ...row('GET', get),
    { name: '  time to insert them', measured: fillSeconds, unit: 's', note: kind },
    { name: `${kind}: a finished job on disk, indexes included`, measured: jobBytes / 1000, unit: 'KB' },
  ];
}

async function workerRows(): Promise<Row[]> {
  const bench = await openPostgres();
  const rates = new Map<number, number[]>(WORKER_COUNTS.map((workers) => [workers, []]));
  for (let round = 0; round < sizes.workerRounds; round++) {
    for (const workers of WORKER_COUNTS) {
      rates.get(workers)!.push(await measureWorkers(bench, { workers, windowMs: sizes.windowMs }));
    }
  }
  await bench.remove();
  const [one, ...more] = [...rates].map(([workers, measured]) => ({ workers, rate: quantile(measured) }));
  return [
    { name: 'PostgreSQL: jobs of 20 ms a second, one worker', measured: one!.rate },
    ...more.map(({ workers, rate }) => ({
      name: `  ${workers} workers, speed-up to the number of workers`,
      measured: rate / one!.rate / workers,
      target: { atLeast: 0.9 },
      note: `${rate.toFixed(0)} jobs a second`,
    })),
  ];
}
