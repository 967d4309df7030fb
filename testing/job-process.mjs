// A server process without HTTP, for tests that kill it: submits one job if asked to, and works on what is queued.
// Started with one argument, JSON: { location, submit?: what to submit, run: 'hang' | 'die' }. Prints a line for each event.
import { openDatabase } from '../dist/database/open-database.js';
import { runMigrations } from '../dist/database/run-migrations.js';
import { createJobs } from '../dist/jobs/create-jobs.js';

const { location, submit, run } = JSON.parse(process.argv[2]);
const print = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

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
