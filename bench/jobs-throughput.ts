import { PgBoss } from 'pg-boss';
import type { Database } from '../src/database/open-database.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { NewJob } from '../src/jobs/submit-job.ts';
import { NOTHING } from '../testing/test-jobs.ts';
import { runConcurrently } from './run-job.ts';
import { quantile } from './statistics.ts';

/** Jobs handled concurrently, and sent concurrently, by Kontur and by bare pg-boss. */
const WORKERS = 8;
const SENDERS = 16;
/** Connections of Kontur: those for rows and those of the queue. */
const CONNECTIONS = 20;
const QUEUE = 'bare';

export const SILENT = { error() {}, warn() {}, debug() {} };

/** A job to submit, the same each time. */
export const newBenchJob = (): NewJob => ({
  project: 'bench',
  subject: 'bench',
  file: { fileId: 123_456_789_012_345 },
  contentSha256: 'ab'.repeat(32),
  prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
});

/** Sends jobs that take no time, `SENDERS` at a time, and resolves when all have been handled. */
type Load = (count: number) => Promise<void>;

/** Jobs a second of Kontur and of bare pg-boss, interleaved, and the median of the ratios of neighbours. */
export async function measureThroughput(
  database: Database,
  { rounds, jobsPerRound }: { rounds: number; jobsPerRound: number },
): Promise<{ ours: number; bare: number; ratio: number }> {
  const ours = await startOurs(database, jobsPerRound);
  const bare = await startBare(database);
  const rate = async (load: Load) => {
    const begin = performance.now();
    await load(jobsPerRound);
    return jobsPerRound / ((performance.now() - begin) / 1000);
  };
  await rate(ours.load);
  await rate(bare.load);
  const measured: { ours: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round++)
    measured.push({ ours: await rate(ours.load), bare: await rate(bare.load) });
  await ours.stop();
  await bare.stop();
  return {
    ours: quantile(measured.map((round) => round.ours)),
    bare: quantile(measured.map((round) => round.bare)),
    ratio: quantile(measured.map((round) => round.ours / round.bare)),
  };
}

async function startOurs(database: Database, mostWaiting: number): Promise<{ load: Load; stop(): Promise<void> }> {
  const jobs = createJobs({
    database,
    run: async () => NOTHING,
    concurrency: WORKERS,
    jobTimeoutMs: 60_000,
    maxQueuedPerProject: 2 * mostWaiting,
    logger: SILENT,
  });
  const counter = createCounter();
  jobs.subscribe({ changed: ({ status }) => status === 'Completed' && counter.count(), missed() {} });
  await jobs.start();
  return {
    async load(count) {
      const all = counter.reached(count);
      await runConcurrently(
        Array(count).fill(() => jobs.submit(newBenchJob())),
        SENDERS,
      );
      await all;
    },
    stop: () => jobs.stop({ timeoutMs: 0 }),
  };
}

/**
 * pg-boss as its documentation has it, on the same database: `send` of a small message, `work` with one message at a
 * time. Two things are as in job-queue.ts, because its workers would otherwise wait for the next poll: a worker is
 * woken when it has handled a message, and one is woken after a message was sent, by NOTIFY or, if embedded, directly.
 * Its commits are flushed as PostgreSQL does by default.
 */
async function startBare({ queueConnection, embedded }: Database): Promise<{ load: Load; stop(): Promise<void> }> {
  const boss = new PgBoss({
    ...queueConnection,
    options: undefined,
    max: CONNECTIONS,
    useListenNotify: !embedded,
    schedule: false,
  });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE, {
    notify: !embedded,
    deleteAfterSeconds: 60,
    ...(!embedded && { heartbeatSeconds: 10 }),
  });
  const counter = createCounter();
  const workers: string[] = [];
  for (let index = 0; index < WORKERS; index++) {
    const options = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 };
    workers[index] = await boss.work(QUEUE, options, async () => {
      counter.count();
      boss.notifyWorker(workers[index]!);
    });
  }
  let sent = 0;
  const send = async () => {
    await boss.send(QUEUE, { jobId: sent });
    sent += 1;
    if (embedded) boss.notifyWorker(workers[sent % WORKERS]!);
  };
  return {
    async load(count) {
      const all = counter.reached(count);
      await runConcurrently(Array(count).fill(send), SENDERS);
      await all;
    },
    stop: () => boss.stop({ graceful: false }),
  };
}

function createCounter() {
  let left = 0;
  let done = () => {};
  return {
    count() {
      left -= 1;
      if (left === 0) done();
    },
    reached(count: number): Promise<void> {
      left = count;
      return new Promise((resolve) => {
        done = resolve;
      });
    },
  };
}
