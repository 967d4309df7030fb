// A worker without HTTP and engine, for chaos.ts to kill and freeze: works on what is queued until it is ended. Started with one
// argument, JSON: { url: database, jobMs: longest time of a job }. Prints a line when it is ready.
import { openDatabase } from '../dist/database/open-database.js';
import { createJobs } from '../dist/jobs/create-jobs.js';

const { url, jobMs } = JSON.parse(process.argv[2]);
const jobs = createJobs({
  database: await openDatabase({ url }),
  // The answer tells the job that it was made for; chaos.ts looks at it.
  async run({ jobId }) {
    await new Promise((resolve) => setTimeout(resolve, jobId % jobMs));
    return [{ score: (jobId % 1000) / 1000, polygons: [] }];
  },
  concurrency: 4,
  jobTimeoutMs: 60_000,
  maxQueuedPerProject: 1,
  logger: { error() {}, warn() {}, debug() {} },
});
await jobs.start();
process.stdout.write('ready\n');
