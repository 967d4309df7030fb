import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createDiskBlobs } from '../src/blobs/disk-blobs.ts';
import { type Database, openDatabase } from '../src/database/open-database.ts';
import { runMigrations } from '../src/database/run-migrations.ts';
import { createFiles } from '../src/files/create-files.ts';
import type { NewJob } from '../src/jobs/submit-job.ts';
import type { Faults } from './chaos-faults.ts';
import type { ChaosPlace } from './chaos-processes.ts';
import type { Row } from './row.ts';

/** A file, and the first byte of its content. */
interface Photo {
  project: string;
  fileId: number;
  contentSha256: string;
  mark: number;
}

/** A system under load. Both operations may fail while a part of it is unavailable. */
export interface ChaosTarget {
  /** Posts a job and returns its id. */
  post(job: NewJob): Promise<number>;
  countUnfinished(): Promise<number>;
}

const PROJECTS = 5;
const PHOTOS = 20;
/** Most jobs that wait or run at a time. */
const IN_FLIGHT = 100;
/** Share of the jobs that is kept back until every fault has happened once. */
const LAST_PART = 0.2;
/** Time after the last post, in milliseconds, at which a job that has not ended counts as stuck. */
const PATIENCE_MS = 120_000;

/** Creates the tables, uploads photos, and makes the database record every end of a job. */
export async function prepareChaos({ location, store }: ChaosPlace): Promise<Photo[]> {
  const database = await openDatabase(location);
  await runMigrations(database.kysely);
  await sql`
    create table chaos_ends (job_id bigint not null);
    create function note_end() returns trigger language plpgsql as
      $$ begin insert into chaos_ends values (new.job_id); return null; end $$;
    create trigger note_end after update on jobs
      for each row when (new.status in ('Completed', 'Failed')) execute function note_end()`.execute(database.kysely);
  const files = createFiles({ database, blobs: await createDiskBlobs(store) });
  const photos: Photo[] = [];
  for (let mark = 0; mark < PHOTOS; mark++) {
    const project = `project-${mark % PROJECTS}`;
    const { id, uploadGeneration } = await files.create(
      project,
      { name: `${mark}.jpg`, mimeType: 'image/jpeg' },
      { overwrite: false },
    );
    const content = Readable.from([Buffer.alloc(10_000, mark)]);
    const file = await files.upload({ project, fileId: id, uploadGeneration }, content, 10_000);
    photos.push({ project, fileId: id, contentSha256: file.content!.sha256, mark });
  }
  await database.close();
  return photos;
}

/**
 * Posts `count` jobs while faults happen, and waits until all have ended or are stuck.
 *
 * @returns the ids that were answered
 */
export async function runLoad(
  target: ChaosTarget,
  { photos, count, faults }: { photos: Photo[]; count: number; faults: Faults },
): Promise<number[]> {
  const posted: number[] = [];
  const unfinished = () => target.countUnfinished().catch(() => Number.POSITIVE_INFINITY);
  while (posted.length < count) {
    while (posted.length >= count * (1 - LAST_PART) && !faults.allHappened()) await sleep(50);
    const { project, fileId, contentSha256 } = photos[posted.length % PHOTOS]!;
    const prompt = { points: [{ x: 0.5, y: 0.5, label: 1 as const }] };
    const job = { project, subject: 'chaos', file: { fileId }, contentSha256, prompt };
    const jobId = await target.post(job).catch(() => undefined);
    if (jobId !== undefined) posted.push(jobId);
    else await sleep(100);
    if (posted.length % 10 === 0) while ((await unfinished()) >= IN_FLIGHT) await sleep(50);
  }
  await faults.stop();
  for (const last = performance.now(); (await unfinished()) > 0 && performance.now() - last < PATIENCE_MS; )
    await sleep(100);
  return posted;
}

/** Outcomes of the jobs, one row a figure. A job whose post was not answered may exist or not. */
export async function judgeJobs(
  { kysely }: Pick<Database, 'kysely'>,
  { photos, posted }: { photos: Photo[]; posted: number[] },
): Promise<Row[]> {
  const rows = await kysely
    .selectFrom('jobs')
    .select(['job_id', 'file_id', 'status', 'result', 'attempt', 'error_message'])
    .execute();
  const { rows: often } = await sql`select job_id from chaos_ends group by job_id having count(*) > 1`.execute(kysely);
  const found = new Set(rows.map(({ job_id }) => job_id));
  const marks = new Map(photos.map(({ fileId, mark }) => [fileId, mark]));
  const completed = rows.filter(({ status }) => status === 'Completed');
  const failed = rows.filter(({ status }) => status === 'Failed');
  const wrong = completed.filter(
    ({ job_id, file_id, result }) =>
      result?.segments[0]?.score !== (job_id % 1000) / 1000 ||
      result.segments[0].parts[0]?.outer[0] !== marks.get(file_id),
  );
  const interrupted = failed.filter(({ error_message }) => error_message?.includes('interrupted 3 times'));
  const none = { atMost: 0 };
  return [
    { name: 'lost: posted, and not there', measured: posted.filter((id) => !found.has(id)).length, target: none },
    { name: 'stuck: not ended', measured: rows.length - completed.length - failed.length, target: none },
    { name: 'ended more than once', measured: often.length, target: none },
    { name: 'answered wrongly', measured: wrong.length, target: none },
    { name: 'failed for no good reason', measured: failed.length - interrupted.length, target: none },
    { name: 'failed, having been interrupted three times', measured: interrupted.length },
    { name: 'completed', measured: completed.length },
    { name: 'taken up again', measured: rows.filter(({ attempt }) => attempt > 1).length },
  ];
}
