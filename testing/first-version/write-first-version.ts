// Writes what first-version.ts reads, with the first migration alone and the queue as it was then. Run once, for the
// record: node --conditions=kontur-source --import ./scripts/run-sources.mjs
// testing/first-version/write-first-version.ts It needs tar, and a pg_dump that newer versions of PostgreSQL can read.
// A change of these files would defeat their purpose.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { sql } from 'kysely';
import sharp from 'sharp';
import type { StoredBlob } from '../../src/blobs/blobs.ts';
import { createDiskBlobs } from '../../src/blobs/disk-blobs.ts';
import { type DatabaseLocation, openDatabase } from '../../src/database/open-database.ts';
import { runMigrations } from '../../src/database/run-migrations.ts';
import { createJobQueue } from '../../src/jobs/job-queue.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { renderScene } from '../render-scene.ts';
import { DATA_FOLDER, FIRST_VERSION, POSTGRES_DUMP } from './first-version.ts';

const FIRST_MIGRATION = '0001-files-and-jobs.sql';
const TIME = 1_700_000_000_000;

const folder = await mkdtemp(path.join(tmpdir(), 'kontur-first-version-'));
const migrations = path.join(folder, 'migrations');
const dataDir = path.join(folder, 'data');
await mkdir(migrations);
await copyFile(
  new URL(`../../../migrations/${FIRST_MIGRATION}`, import.meta.url),
  path.join(migrations, FIRST_MIGRATION),
);

const { rgb, width, height } = renderScene(320, 240);
const photo = await sharp(rgb, { raw: { width, height, channels: 3 } })
  .jpeg()
  .toBuffer();
const blobs = await createDiskBlobs(path.join(dataDir, 'blobs'));
const blob = await blobs.write(Readable.from([photo]), photo.length);

await fill({ dataDir }, blob);
await rm(path.join(dataDir, 'kontur.lock'));
const run = promisify(execFile);
const { stdout: tar } = await run('tar', ['-c', '-C', dataDir, '.'], { encoding: 'buffer', maxBuffer: 2 ** 28 });
const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_LGWIN]: 24 };
await writeFile(DATA_FOLDER, brotliCompressSync(tar, { params }));

const postgres = await startPostgresServer(13);
const url = `${postgres.url}/postgres`;
await fill({ url }, blob);
const { stdout: dump } = await run('pg_dump', ['--inserts', '--no-owner', '--no-privileges', url]);
await writeFile(POSTGRES_DUMP, dump);
await postgres.remove();
await rm(folder, { recursive: true });

async function fill(location: DatabaseLocation, { key, sha256, bytes }: StoredBlob): Promise<void> {
  const database = await openDatabase(location);
  const { kysely } = database;
  await runMigrations(kysely, pathToFileURL(`${migrations}/`));
  const logger = { error: console.error, debug() {} };
  const queue = createJobQueue({ database, concurrency: 0, handleTimeoutMs: 120_000, logger });
  await queue.start(async () => 'settled');

  const { project, fileId, jobs, segments } = FIRST_VERSION;
  await sql`
    insert into files (
      id, project, external_id, name, mime_type, created_time, last_updated_time, uploaded_time, blob_key, content_sha256,
      content_bytes)
    values (
      ${fileId}, ${project}, 'photo', 'photo.jpg', 'image/jpeg', ${TIME}, ${TIME}, ${TIME}, ${key}, ${sha256},
      ${bytes})`.execute(kysely);
  const message = 'photo.jpg ends too early.';
  const failed = [{ errorMessage: message, items: [{ fileId }] }];
  const insert = (
    jobId: number,
    status: string,
    more: { start?: number; error?: string; segments?: object; failed?: object },
  ) =>
    sql`
      insert into jobs (
        job_id, project, subject, status, created_time, start_time, status_time, error_message, file_id, file_external_id,
        content_sha256, prompt, segments, failed_items, attempt, interruptions)
      values (
        ${jobId}, ${project}, 'client-1', ${status}, ${TIME}, ${more.start ?? null}, ${TIME}, ${more.error ?? null}, ${fileId},
        'photo', ${sha256}, '{"points": [{"x": 0.42, "y": 0.46, "label": 1}]}', ${JSON.stringify(more.segments ?? [])},
        ${JSON.stringify(more.failed ?? [])}, ${more.start === undefined ? 0 : 1}, ${status === 'Running' ? 1 : 0})`.execute(
      kysely,
    );
  await insert(jobs.completed, 'Completed', { start: TIME, segments });
  await insert(jobs.failed, 'Failed', { start: TIME, error: message, failed });
  await insert(jobs.queued, 'Queued', {});
  await insert(jobs.running, 'Running', { start: TIME });
  for (const jobId of [jobs.queued, jobs.running]) await queue.send(kysely, jobId, { turn: 0 });
  await sql`
    update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now()
    where (data ->> 'jobId')::bigint = ${jobs.running}`.execute(kysely);
  // The queue would delete messages that waited for a year.
  await sql`update pgboss.job set keep_until = '2100-01-01'`.execute(kysely);
  await queue.close();
  await database.close();
}
