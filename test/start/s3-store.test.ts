import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KonturProcess, startKonturProcess } from '../../testing/kontur-process.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';
import { createFolders, type FileAnswer, type JobAnswer, PHOTO, runKontur } from '../../testing/server-process.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';
import { until } from '../../testing/test-jobs.ts';

/** A server without an engine and a worker, with separate folders, that share PostgreSQL and a bucket. */
const [front, back] = [createFolders(), createFolders()];
let s3: S3Server;
let server: KonturProcess;
let worker: KonturProcess;
let shared: Record<string, string>;
let url: string;
let token: string;
let removeDatabase: () => Promise<void>;

beforeAll(async () => {
  const database = await newPostgresDatabase();
  removeDatabase = database.remove;
  s3 = await startS3Server();
  shared = { KONTUR_DATABASE_URL: database.url, KONTUR_BLOBS: `s3://${s3.bucket}/plant`, ...s3.environment };
  [server, worker] = await Promise.all([
    startKonturProcess('serve', front, {
      env: { ...shared, KONTUR_JOBS_CONCURRENCY: '0' },
      ready: /listens at http/,
    }),
    startKonturProcess('work', back, { env: shared, ready: /works on 4 jobs/ }),
  ]);
  url = /listens at (http:\/\/\S+)/.exec(server.output())![1]!;
  token = (await runKontur(['token'], front)).stdout.trim();
});
afterAll(async () => {
  for (const running of [server, worker]) running?.process.kill('SIGKILL');
  await removeDatabase?.();
  await s3?.close();
  for (const folders of [front, back]) folders.remove();
});

async function send(method: string, route: string, body?: unknown): Promise<Response> {
  return fetch(`${url}/api/v1/projects/demo${route}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'cdf-version': 'beta', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}
async function call<T>(method: string, route: string, body?: unknown): Promise<T> {
  const response = await send(method, route, body);
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
const create = () => call<FileAnswer>('POST', '/files', { name: 'boats.jpg', mimeType: 'image/jpeg' });
const put = async (uploadUrl: string) => (await fetch(uploadUrl, { method: 'PUT', body: PHOTO })).status;
const post = (fileId: number) =>
  call<JobAnswer>('POST', '/context/vision/segment', { items: [{ fileId }], points: [{ x: 0.62, y: 0.645 }] });
const ended = ({ jobId }: JobAnswer) =>
  until(async () => {
    const job = await call<JobAnswer>('GET', `/context/vision/segment/${jobId}`);
    return job.status === 'Completed' || job.status === 'Failed' ? job : undefined;
  });
const downloadUrl = async (id: number) => {
  const { items } = await call<{ items: { downloadUrl: string }[] }>(
    'POST',
    '/files/downloadlink?extendedExpiration=true',
    { items: [{ id }] },
  );
  return items[0]!.downloadUrl;
};
const readiness = async (running: KonturProcess) => {
  const address = /(http:\/\/127[^/\s]+)/.exec(running.output())![1]!;
  return (await (await fetch(`${address}/readyz`)).json()) as { parts: Record<string, string> };
};

describe('processes that share a bucket', () => {
  it('a photo goes through the bucket to its segments and back, and leaves nothing behind', async () => {
    const file = await create();
    expect(await put(file.uploadUrl)).toBe(200);
    expect(await s3.list('plant/contents/')).toHaveLength(1);
    const job = await ended(await post(file.id));
    expect(job).toMatchObject({ status: 'Completed', errorMessage: null });
    expect(job.items[0]!.segments.length).toBeGreaterThan(0);
    const answer = await fetch(await downloadUrl(file.id));
    expect(Buffer.from(await answer.arrayBuffer()).equals(PHOTO)).toBe(true);
    // The worker keeps the embedding when it has it, not when the job ends.
    const embedding = await until(async () => (await s3.list('plant/embeddings/'))[0]);
    const written = await s3.writtenTime(embedding);

    expect(await worker.end('SIGTERM')).toBe(0);
    worker = await startKonturProcess('work', back, { env: shared, ready: /works on 4 jobs/ });
    const again = await ended(await post(file.id));
    expect(again.items).toEqual(job.items);
    // The next worker reads the embedding; had it encoded the photo, it would have written it again.
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await s3.writtenTime(embedding)).toBe(written);
    worker = await startKonturProcess('work', back, { env: shared, ready: /works on 4 jobs/ });

    await call('POST', '/files/delete', { items: [{ id: file.id }] });
    expect(await s3.list('plant/')).toEqual(['plant/kontur-store.json']);
  });

  it('an upload in parts is put together in the bucket', async () => {
    const upload = await call<FileAnswer & { uploadId: string; uploadUrls: string[] }>(
      'POST',
      '/files/initmultipartupload?parts=2',
      { name: 'boats.jpg', mimeType: 'image/jpeg' },
    );
    const half = PHOTO.length >> 1;
    const bodies = [PHOTO.subarray(0, half), PHOTO.subarray(half)];
    for (const [n, body] of bodies.entries()) {
      expect((await fetch(upload.uploadUrls[n]!, { method: 'PUT', body })).status).toBe(200);
    }
    await call('POST', '/files/completemultipartupload', { id: upload.id, uploadId: upload.uploadId });
    expect(await s3.list('plant/contents/')).toHaveLength(1);
    const answer = await fetch(await downloadUrl(upload.id));
    expect(Buffer.from(await answer.arrayBuffer()).equals(PHOTO)).toBe(true);
    await call('POST', '/files/delete', { items: [{ id: upload.id }] });
  });

  it('while the bucket is away contents are answered 503, jobs wait, and all goes on when it is back', async () => {
    const [filled, empty] = [await create(), await create()];
    expect(await put(filled.uploadUrl)).toBe(200);
    const link = await downloadUrl(filled.id);

    await s3.cut();
    expect(await put(empty.uploadUrl)).toBe(503);
    expect((await fetch(link)).status).toBe(503);
    for (const running of [server, worker]) {
      expect((await readiness(running)).parts).toMatchObject({ database: 'ready', store: 'not ready' });
    }
    const posted = await post(filled.id);
    await until(() => worker.output().includes('an attempt at a job failed'));
    expect((await call<JobAnswer>('GET', `/context/vision/segment/${posted.jobId}`)).status).not.toBe('Failed');

    await s3.mend();
    expect((await ended(posted)).status).toBe('Completed');
    expect((await readiness(server)).parts).toEqual({ database: 'ready', store: 'ready' });
    expect((await fetch(link)).status).toBe(200);
    expect((await call<{ uploaded: boolean }>('GET', `/files/${empty.id}`)).uploaded).toBe(false);
    expect(await put(empty.uploadUrl)).toBe(200);
    expect(await s3.list('plant/contents/')).toHaveLength(2);
  });

  it('a bucket that is not there, and a place in it that is not the store, are refused at the start', async () => {
    const start = (KONTUR_BLOBS: string) => runKontur(['work'], back, { env: { ...shared, KONTUR_BLOBS } });
    const [missing, elsewhere] = await Promise.all([
      start('s3://no-such-bucket/plant'),
      start(`s3://${s3.bucket}/elsewhere`),
    ]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain(
      `The bucket no-such-bucket of KONTUR_BLOBS at ${s3.endpoint} does not exist. Create it, or correct the name.`,
    );
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain(`The place s3://${s3.bucket}/elsewhere/ is not the store of this database`);
    expect(await s3.list('elsewhere/')).toEqual([]);
  });

  it('nothing is written to standard error but what the server says', async () => {
    expect(server.output()).not.toContain('NodeVersionSupportWarning');
    expect(await Promise.all([server, worker].map((running) => running.end('SIGTERM')))).toEqual([0, 0]);
  });
});
