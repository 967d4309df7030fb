// A process without HTTP and engine, for the chaos to kill and freeze: works on what is queued until it is ended.
// Started with one argument, the JSON of ChaosProcessOptions. Prints a line when it is ready. Exits with code 1 if the
// database or the store is unavailable. Over IPC it takes { id, submit: job } and { id, count: true }, and answers {
// id, result } or { id, failed: true }.
import { access, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pixelPoint } from '#geometry/spaces';
import { createDiskBlobs } from '../src/blobs/disk-blobs.ts';
import { openDatabase } from '../src/database/open-database.ts';
import { createFiles } from '../src/files/create-files.ts';
import { createOwnImages } from '../src/images/own-images.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { NewJob } from '../src/jobs/submit-job.ts';
import type { ChaosPlace } from './chaos-processes.ts';

export interface ChaosProcessOptions extends ChaosPlace {
  /** Longest time of a job. */
  jobMs: number;
}

const { location, store, jobMs } = JSON.parse(process.argv[2]!) as ChaosProcessOptions;
// The parent process has ended.
process.on('disconnect', () => process.exit());
const { database, jobs } = await start().catch(() => process.exit(1));

process.on('message', ({ id, submit }: { id: number; submit?: NewJob }) => {
  const answer: Promise<number> =
    submit === undefined ? countUnfinished() : jobs.submit(submit).then(({ jobId }) => jobId);
  answer.then(
    (result) => process.send?.({ id, result }),
    () => process.send?.({ id, failed: true }),
  );
});
process.stdout.write('ready\n');

async function countUnfinished() {
  const { count } = await database.kysely
    .selectFrom('jobs')
    .select((jobs) => jobs.fn.countAll().as('count'))
    .where('status', 'in', ['Queued', 'Running'])
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function start() {
  await access(store);
  const database = await openDatabase(location);
  const blobs = await createDiskBlobs(store, { shared: !database.embedded });
  const images = createOwnImages({ files: createFiles({ database, blobs }), blobs });
  const jobs = createJobs({
    database,
    // The answer contains the job and the content that it was made for; chaos-load.ts checks both.
    async run(task, signal) {
      const { path } = await images.open(task, signal);
      const content = await readFile(path);
      await sleep(task.jobId % jobMs);
      const part = { outer: [pixelPoint(content[0]!, 0)], holes: [] };
      return {
        imageWidth: 256,
        imageHeight: 256,
        segments: [{ score: (task.jobId % 1000) / 1000, parts: [part] }],
        engine: { model: 'none', precision: 'fp32', provider: 'cpu' },
      };
    },
    concurrency: 4,
    jobTimeoutMs: 60_000,
    maxQueuedPerProject: 10_000,
    logger: { error() {}, warn() {}, debug() {} },
  });
  await jobs.start();
  return { database, jobs };
}
