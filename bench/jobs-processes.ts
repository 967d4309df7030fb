import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DatabaseLocation } from '../src/database/open-database.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import { siblingModule } from '../src/runtime/sibling-module.ts';
import { NOTHING } from '../testing/test-jobs.ts';
import type { BenchDatabase } from './jobs-databases.ts';
import type { JobsProcessOptions } from './jobs-process.ts';
import { newBenchJob, SILENT } from './jobs-throughput.ts';
import { runConcurrently } from './run-job.ts';
import { quantile } from './statistics.ts';

const JOB_MS = 20;
/** Pause after the last worker is ready: connections are open and statements prepared by then. */
const SETTLE_MS = 500;
const POSTED_AT_ONCE = 16;
/** Jobs between two samples of jobs-process.ts. */
const JOBS_OF_A_SAMPLE = 20;
/** The parts of a run whose memory is compared. */
const FIFTHS = 5;

/**
 * Jobs a second of the given number of worker processes, each with one short job at a time and more waiting than it can
 * run.
 */
export async function measureWorkers(
  { database, location }: BenchDatabase,
  { workers, windowMs }: { workers: number; windowMs: number },
): Promise<number> {
  await fillQueue(database, Math.ceil((workers * (2 * SETTLE_MS + windowMs)) / JOB_MS));
  const processes = await Promise.all(
    Array.from({ length: workers }, () => startProcess({ location, jobMs: JOB_MS, concurrency: 1 })),
  );
  await sleep(SETTLE_MS);
  const begin = Date.now();
  await sleep(windowMs);
  const end = Date.now();
  await Promise.all(processes.map(endProcess));
  const { count } = await database.kysely
    .selectFrom('jobs')
    .select((jobs) => jobs.fn.countAll<number>().as('count'))
    .where('status', '=', 'Completed')
    .where('status_time', '>=', begin)
    .where('status_time', '<', end)
    .executeTakeFirstOrThrow();
  await database.kysely.deleteFrom('jobs').execute();
  return count / ((end - begin) / 1000);
}

async function fillQueue(database: BenchDatabase['database'], count: number): Promise<void> {
  const jobs = createJobs({
    database,
    run: async () => NOTHING,
    concurrency: 0,
    jobTimeoutMs: 60_000,
    maxQueuedPerProject: 1_000_000,
    logger: SILENT,
  });
  await jobs.start();
  await runConcurrently(
    Array.from({ length: count }, () => () => jobs.submit(newBenchJob())),
    POSTED_AT_ONCE,
  );
  await jobs.stop({ timeoutMs: 0 });
}

/**
 * Resident memory in MB of a process that posts and runs the given number of jobs that take no time: medians of its
 * second and last fifth.
 */
export async function measureMemory(
  location: DatabaseLocation,
  jobs: number,
): Promise<{ settled: number; end: number }> {
  const child = await startProcess({ location, jobMs: 0, concurrency: 4, posts: jobs });
  const megabytes: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    megabytes.push(Number(line) / 1e6);
    if (megabytes.length === Math.floor(jobs / JOBS_OF_A_SAMPLE)) break;
  }
  await endProcess(child);
  const fifth = (index: number) =>
    quantile(megabytes.slice(...[index, index + 1].map((edge) => Math.round((edge * megabytes.length) / FIFTHS))));
  return { settled: fifth(1), end: fifth(FIFTHS - 1) };
}

type BenchProcess = ChildProcessByStdio<null, Readable, null>;

async function startProcess(options: JobsProcessOptions): Promise<BenchProcess> {
  const { url, execArgv = [] } = siblingModule('jobs-process', import.meta.url);
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(url), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function endProcess(child: BenchProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
