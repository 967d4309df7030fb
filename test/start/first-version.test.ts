import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FIRST_VERSION, restoreDump, unpackDataFolder } from '../../testing/first-version/first-version.ts';
import { createFolders, type JobAnswer, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';
import { type DatabaseKind, newLocation } from '../../testing/test-database.ts';

/** The dump was made on the oldest PostgreSQL, and is read by the newest. */
const KINDS: DatabaseKind[] = ['PGlite', 'PostgreSQL 18'];
/** The jobs of the first version ended long ago. */
const KEEP = { KONTUR_RETENTION_DAYS: '36500' };
const { fileId, jobs, segments } = FIRST_VERSION;

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

describe.each(KINDS)('what the first version wrote, on %s', (kind) => {
  test('is served by this one: rows, contents, jobs that had ended, and jobs that had not', async () => {
    const env: Record<string, string> = { ...KEEP };
    if (kind !== 'PGlite') {
      const { location, remove } = await newLocation(kind, { empty: true });
      removeDatabase = remove;
      env.KONTUR_DATABASE_URL = 'url' in location ? location.url : '';
      env.KONTUR_BLOBS = path.join(folders.data, 'blobs');
      await restoreDump(env.KONTUR_DATABASE_URL);
    }
    server = await startServerProcess(folders, env);
    const { call } = server;
    const job = async (jobId: number) => (await call<JobAnswer>('GET', `/context/vision/segment/${jobId}`)).body;

    expect((await call('GET', `/files/${fileId}`)).body).toMatchObject({ externalId: 'photo', uploaded: true });
    expect(await job(jobs.completed)).toMatchObject({ status: 'Completed', items: [{ fileId, segments }] });
    const errorMessage = 'photo.jpg ends too early.';
    expect(await job(jobs.failed)).toMatchObject({ status: 'Failed', errorMessage, failedItems: [{ errorMessage }] });

    const posted = await server.post(fileId, { points: [{ x: 0.42, y: 0.46 }] });
    const found = (await server.settled(posted)).items[0]!.segments;
    expect(found.length).toBeGreaterThan(0);
    for (const jobId of [jobs.queued, jobs.running]) {
      expect(await server.settled(jobId)).toMatchObject({ status: 'Completed', items: [{ fileId, segments: found }] });
    }
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
