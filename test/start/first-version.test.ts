import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Segment } from '#contract/vision/segment-job';
import { type DatabaseLocation, openDatabase } from '../../src/database/open-database.ts';
import { FIRST_VERSION, restoreDump, unpackDataFolder } from '../../testing/first-version/first-version.ts';
import { createFolders, type JobAnswer, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';
import { type DatabaseKind, newLocation } from '../../testing/test-database.ts';

/** The dump was made on the oldest PostgreSQL, and is read by the newest. */
const KINDS: DatabaseKind[] = ['PGlite', 'PostgreSQL 18'];
/** The jobs of the first version ended long ago. */
const KEEP = { KONTUR_RETENTION_DAYS: '36500' };
const { fileId, jobs, segments } = FIRST_VERSION;

/** A job that found a frame, of whose polygons versions before the rings kept no more than they answered. */
const FRAME_JOB = 200_000_000_000_005;
const frame = [
  [0.2, 0.2],
  [0.8, 0.2],
  [0.8, 0.8],
  [0.2, 0.8],
  [0.2, 0.4],
  [0.4, 0.4],
  [0.4, 0.6],
  [0.6, 0.6],
  [0.6, 0.4],
  [0.4, 0.4],
  [0.2, 0.4],
] as const;
const FRAME: Segment[] = [{ score: 0.8, polygons: [{ vertices: frame.map(([x, y]) => ({ x, y })) }] }];
/** Its rings in the photo of 320 x 240 pixels. */
const RINGS = [
  [
    [64, 48],
    [256, 48],
    [256, 192],
    [64, 192],
    [64, 48],
  ],
  [
    [128, 96],
    [128, 144],
    [192, 144],
    [192, 96],
    [128, 96],
  ],
];

let folders: ReturnType<typeof createFolders>;
let server: ServerProcess | undefined;
let removeDatabase: (() => Promise<void>) | undefined;
beforeEach(async () => {
  folders = createFolders();
  await unpackDataFolder(folders.data);
});
afterEach(async () => {
  await server?.end('SIGKILL');
  await removeDatabase?.();
  folders.remove();
});

async function addFrameJob(location: DatabaseLocation): Promise<void> {
  const database = await openDatabase(location);
  await sql`
    insert into jobs (
      job_id, project, subject, status, created_time, start_time, status_time, file_id, content_sha256, prompt, segments)
    select ${FRAME_JOB}::bigint, project, subject, status, created_time, start_time, status_time, file_id, content_sha256, prompt,
      ${JSON.stringify(FRAME)}::jsonb
    from jobs where job_id = ${jobs.completed}::bigint`.execute(database.kysely);
  await database.close();
}

describe.each(KINDS)('what the first version wrote, on %s', (kind) => {
  it('is served by this one: rows, contents, jobs that had ended, and jobs that had not', async () => {
    const env: Record<string, string> = { ...KEEP };
    if (kind === 'PGlite') {
      await addFrameJob({ dataDir: folders.data });
    } else {
      const { location, remove } = await newLocation(kind, { empty: true });
      removeDatabase = remove;
      env.KONTUR_DATABASE_URL = 'url' in location ? location.url : '';
      env.KONTUR_BLOBS = path.join(folders.data, 'blobs');
      await restoreDump(env.KONTUR_DATABASE_URL);
      await addFrameJob(location);
    }
    server = await startServerProcess(folders, env);
    const { call } = server;
    const job = async (jobId: number) => (await call<JobAnswer>('GET', `/context/vision/segment/${jobId}`)).body;
    const output = async (address: string) =>
      (await call<unknown>('GET', `/kontur/segment/${FRAME_JOB}/${address}`)).body;

    expect((await call('GET', `/files/${fileId}`)).body).toMatchObject({ externalId: 'photo', uploaded: true });
    expect(await job(jobs.completed)).toMatchObject({ status: 'Completed', items: [{ fileId, segments }] });
    const errorMessage = 'photo.jpg ends too early.';
    expect(await job(jobs.failed)).toMatchObject({ status: 'Failed', errorMessage, failedItems: [{ errorMessage }] });

    // Polygons are answered as they were kept, and rings are made of them for what has holes.
    expect((await job(FRAME_JOB)).items).toEqual([{ fileId, segments: FRAME }]);
    expect(await output('geojson')).toMatchObject({
      features: [{ geometry: { type: 'Polygon', coordinates: RINGS } }],
    });
    expect(await output('coco.json?encoding=rle')).toMatchObject({
      images: [{ id: fileId, file_name: 'photo.jpg', width: 320, height: 240 }],
      annotations: [{ bbox: [64, 48, 192, 144], area: 192 * 144 - 64 * 48, score: 0.8 }],
    });
    // What was not there yet can be used for what was.
    const annotated = { annotatedResourceType: 'file', annotatedResourceId: fileId };
    const annotation = {
      ...{ ...annotated, annotationType: 'images.Classification', data: { label: 'frame' }, status: 'approved' },
      ...{ creatingApp: 'test', creatingAppVersion: '1', creatingUser: null },
    };
    expect((await call('POST', '/annotations', { items: [annotation] })).body).toMatchObject({ items: [annotation] });

    // Those that had not ended may have by now.
    const { items } = (await call<{ items: JobAnswer[] }>('GET', '/kontur/segment?status=Completed')).body;
    const listed = (id: number) => items.find(({ jobId }) => jobId === id);
    expect(listed(FRAME_JOB)).toMatchObject({ items: [{ segments: [{ score: 0.8 }] }] });
    expect(listed(jobs.completed)).toMatchObject({ items: [{ segments: [{ score: 0.9 }] }] });

    const posted = await server.post(fileId, { points: [{ x: 0.42, y: 0.46 }] });
    const found = (await server.settled(posted)).items[0]!.segments;
    expect(found.length).toBeGreaterThan(0);
    for (const jobId of [jobs.queued, jobs.running]) {
      expect(await server.settled(jobId)).toMatchObject({ status: 'Completed', items: [{ fileId, segments: found }] });
    }
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
