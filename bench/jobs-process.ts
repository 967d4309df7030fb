// Child process of jobs-processes.ts: runs jobs on a database, with a stand-in for the engine. Started with one
// argument, the JSON of JobsProcessOptions. Prints "ready"; then, after every twentieth job that it posted itself, its
// resident memory in bytes; runs until it is ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseLocation, openDatabase } from '../src/database/open-database.ts';
import { runMigrations } from '../src/database/run-migrations.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';

export interface JobsProcessOptions {
  location: DatabaseLocation;
  /** Duration of a job in milliseconds. */
  jobMs: number;
  /** Jobs that run concurrently. */
  concurrency: number;
  /** Jobs that the process posts itself, one after the other. */
  posts?: number;
}

const { location, jobMs, concurrency, posts = 0 } = JSON.parse(process.argv[2]!) as JobsProcessOptions;
const database = await openDatabase(location);
await runMigrations(database.kysely);
const jobs = createJobs({
  database,
  async run() {
    if (jobMs > 0) await sleep(jobMs);
    return {
      imageWidth: 1,
      imageHeight: 1,
      segments: [],
      engine: { model: 'none', precision: 'fp32', provider: 'cpu' },
    };
  },
  concurrency,
  jobTimeoutMs: 60_000,
  maxQueuedPerProject: 1_000_000,
  logger: { error() {}, warn() {}, debug() {} },
});
await jobs.start();
process.stdout.write('ready\n');

let completed = 0;
jobs.subscribe({
  changed({ status }) {
    if (status === 'Completed' && ++completed % 20 === 0) process.stdout.write(`${process.memoryUsage.rss()}\n`);
  },
  missed() {},
});
for (let post = 0; post < posts; post++) {
  await jobs.submit({
    project: 'bench',
    subject: 'bench',
    file: { fileId: 123_456_789_012_345 },
    prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
  });
}
