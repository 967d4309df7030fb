import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../src/database/open-database.ts';
import { runMigrations } from '../src/database/run-migrations.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import { startPostgresServer } from '../test/support/postgres-server.ts';
import { startChaosWorkers } from './chaos-workers.ts';
import { readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';

const USAGE = `Usage: npm run chaos [-- --seed N] [--jobs N] [--workers N] [--database URL] [--json FILE] [--smoke]
Runs jobs (2000) of a stand-in for the engine on PostgreSQL by worker processes (4) that are killed and frozen at random,
restarts the database in the middle, and looks for jobs that were lost, stuck, ended twice or answered wrongly.
--database  an empty PostgreSQL database, which is not restarted then (default: a server of its own)
--smoke  200 jobs, 2 workers, without the restart
Exit codes: 0 every job ended once and right, 1 some did not, 2 wrong command line.
`;
const PROJECTS = 5;
/** So many jobs wait or run at most. */
const IN_FLIGHT = 100;
const LONGEST_JOB_MS = 150;
/** A job that has not ended so long after the last one was posted is stuck. */
const PATIENCE_MS = 120_000;

const {
  seed,
  jobs: jobsText,
  workers: workersText,
  database: given,
  smoke,
  json,
} = readOptions(USAGE, 'seed', 'jobs', 'workers', 'database');
const count = readCount('jobs', jobsText, smoke ? 200 : 2000);
const workerCount = readCount('workers', workersText, smoke ? 2 : 4);
const random = seeded(readCount('seed', seed, 1));

const postgres = given === undefined ? await startPostgresServer() : undefined;
const url = given ?? `${postgres!.url}/postgres`;
const database = await openDatabase({ url });
await runMigrations(database.kysely);
const jobs = createJobs({
  database,
  run: () => Promise.reject(new Error('This process runs no jobs.')),
  concurrency: 0,
  jobTimeoutMs: 60_000,
  maxQueuedPerProject: count,
  logger: { error() {}, warn() {}, debug() {} },
});
/** How often each job was said to have ended. */
const ends = new Map<number, number>();
jobs.subscribe({
  changed({ jobId, status }) {
    if (status === 'Completed' || status === 'Failed') ends.set(jobId, (ends.get(jobId) ?? 0) + 1);
  },
  missed() {},
});
await jobs.start();
const workers = await startChaosWorkers({ count: workerCount, url, jobMs: LONGEST_JOB_MS, random });

const begin = performance.now();
const posted: number[] = [];
let restarts = 0;
while (posted.length < count) {
  if (!smoke && postgres !== undefined && restarts === 0 && posted.length >= count / 2) {
    restarts += 1;
    await postgres.stop();
    await sleep(2_000);
    await postgres.start();
  }
  const jobId = await post(posted.length).catch(() => undefined);
  if (jobId !== undefined) posted.push(jobId);
  else await sleep(100);
  while ((await unfinished()) >= IN_FLIGHT) await sleep(50);
}
for (const last = performance.now(); (await unfinished()) > 0 && performance.now() - last < PATIENCE_MS; )
  await sleep(100);
const seconds = (performance.now() - begin) / 1000;
await workers.stop();

const rows = await database.kysely.selectFrom('jobs').select(['job_id', 'status', 'segments', 'attempt']).execute();
const found = new Map(rows.map((row) => [row.job_id, row]));
const completed = rows.filter(({ status }) => status === 'Completed');
const title = `${count} jobs, ${workerCount} workers, seed ${seed ?? 1}`;
report(
  title,
  [
    {
      name: 'lost: posted, and not there',
      measured: posted.filter((jobId) => !found.has(jobId)).length,
      target: { atMost: 0 },
    },
    {
      name: 'stuck: not ended',
      measured: rows.filter(({ status }) => status === 'Queued' || status === 'Running').length,
      target: { atMost: 0 },
    },
    {
      name: 'ended more than once',
      measured: [...ends.values()].filter((times) => times > 1).length,
      target: { atMost: 0 },
    },
    {
      name: 'answered wrongly',
      measured: completed.filter(({ job_id, segments }) => segments[0]?.score !== (job_id % 1000) / 1000).length,
      target: { atMost: 0 },
    },
    {
      name: 'failed, having been interrupted three times',
      measured: rows.filter(({ status }) => status === 'Failed').length,
    },
    { name: 'completed', measured: completed.length },
    { name: 'taken up again', measured: rows.filter(({ attempt }) => attempt > 1).length },
    { name: 'workers killed', measured: workers.harm.killed },
    { name: 'workers frozen', measured: workers.harm.frozen },
    { name: 'database restarted', measured: restarts },
    { name: 'time', measured: seconds, unit: 's' },
  ],
  { jsonFile: json },
);
await jobs.stop({ timeoutMs: 0 });
await database.close();
await postgres?.remove();

async function post(number: number): Promise<number> {
  const job = await jobs.submit({
    project: `project-${number % PROJECTS}`,
    subject: 'chaos',
    file: { fileId: number + 1 },
    prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
  });
  return job.jobId;
}

/** While the database is away, nothing can be said. */
async function unfinished(): Promise<number> {
  const counted = database.kysely
    .selectFrom('jobs')
    .select((jobs) => jobs.fn.countAll<number>().as('count'))
    .where('status', 'in', ['Queued', 'Running'])
    .executeTakeFirstOrThrow();
  return counted.then((row) => row.count).catch(() => Number.POSITIVE_INFINITY);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), 1 | current);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
