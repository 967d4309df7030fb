// A server process without HTTP, for tests that kill it: submits one job if asked to, and runs what is queued. Started
// with one argument, the JSON of JobProcessOptions. Prints a line for each event.
import { type DatabaseLocation, openDatabase } from '../src/database/open-database.ts';
import { runMigrations } from '../src/database/run-migrations.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { NewJob } from '../src/jobs/submit-job.ts';

export interface JobProcessOptions {
  location: DatabaseLocation;
  /** Job to submit. */
  submit?: NewJob;
  run: 'hang' | 'die';
}

const { location, submit, run } = JSON.parse(process.argv[2]!) as JobProcessOptions;
const print = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

const database = await openDatabase(location);
await runMigrations(database.kysely);
const jobs = createJobs({
  database,
  run({ jobId }) {
    if (run === 'die') process.kill(process.pid, 'SIGKILL');
    print({ running: jobId });
    return new Promise(() => {});
  },
  concurrency: 1,
  jobTimeoutMs: 600_000,
  maxQueuedPerProject: 10,
  logger: { error: print, warn: print, debug() {} },
});
await jobs.start();
if (submit) print({ submitted: (await jobs.submit(submit)).jobId });
