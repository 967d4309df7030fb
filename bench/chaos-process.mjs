// A process without HTTP and engine, for the chaos to kill and freeze: works on what is queued until it is ended. Started with one
// argument, JSON: { location: of the database, store: folder, jobMs: longest time of a job }. Prints a line when it is ready.
// Ends with 1 where the database or the store is away.
// Over IPC it takes { id, submit: job } and { id, count: true }, and answers { id, result } or { id, failed: true }.
import { access, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDiskBlobs } from '../dist/blobs/disk-blobs.js';
import { openDatabase } from '../dist/database/open-database.js';
import { createFiles } from '../dist/files/create-files.js';
import { createOwnImages } from '../dist/images/own-images.js';
import { createJobs } from '../dist/jobs/create-jobs.js';

const { location, store, jobMs } = JSON.parse(process.argv[2]);
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
const { database, jobs } = await start().catch(() => process.exit(1));

process.on('message', ({ id, submit }) => {
  const answer = submit === undefined ? countUnfinished() : jobs.submit(submit).then(({ jobId }) => jobId);
  answer.then(
    (result) => process.send({ id, result }),
    () => process.send({ id, failed: true }),
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
    // The answer tells the job and the content that it was made for; chaos-load.ts looks at both.
    async run(task, signal) {
      const { path } = await images.open(task, signal);
      const content = await readFile(path);
      await sleep(task.jobId % jobMs);
      return [{ score: (task.jobId % 1000) / 1000, polygons: [{ vertices: [{ x: content[0] / 256, y: 0 }] }] }];
    },
    concurrency: 4,
    jobTimeoutMs: 60_000,
    maxQueuedPerProject: 10_000,
    logger: { error() {}, warn() {}, debug() {} },
  });
  await jobs.start();
  return { database, jobs };
}
