import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../../src/start/start-server.ts';
import { loadTestConfig } from '../../testing/load-test-config.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';

/** A server that hands out links to the store, without an engine: its jobs wait. */
const folder = mkdtempSync(path.join(tmpdir(), 'kontur-direct-'));
let s3: S3Server;
let server: Server;
let token: string;
let database: { url: string; remove(): Promise<void> };

beforeAll(async () => {
  s3 = await startS3Server();
  database = await newPostgresDatabase();
  Object.assign(process.env, s3.environment);
  server = await startServer(
    loadTestConfig({
      ...s3.environment,
      KONTUR_DATABASE_URL: database.url,
      KONTUR_BLOBS: `s3://${s3.bucket}/direct`,
      KONTUR_BLOBS_DIRECT: 'true',
      KONTUR_DATA_DIR: path.join(folder, 'data'),
      KONTUR_PORT: '0',
      KONTUR_JOBS_CONCURRENCY: '0',
      KONTUR_MAX_UPLOAD_BYTES: '1000000',
      KONTUR_LOG_LEVEL: 'silent',
    }),
  );
  const { clientId, clientSecret } = JSON.parse(
    readFileSync(path.join(folder, 'data', 'development-client.json'), 'utf8'),
  );
  const answer = await fetch(`${server.url}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(async () => {
  await server?.close();
  await database?.remove();
  await s3?.close();
  rmSync(folder, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every kind, looked into by the tests
async function call(method: string, route: string, body?: unknown): Promise<{ status: number; body: any }> {
  const response = await fetch(`${server.url}/api/v1/projects/demo${route}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'cdf-version': 'beta', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
const create = async (properties: object = {}) =>
  (await call('POST', '/files?overwrite=true', { name: 'photo.jpg', mimeType: 'image/jpeg', ...properties })).body;
async function put(url: string, body: string | Uint8Array): Promise<void> {
  expect(url.startsWith(s3.endpoint)).toBe(true);
  expect((await fetch(url, { method: 'PUT', body })).status).toBe(200);
}
const read = async (id: number) => (await call('GET', `/files/${id}`)).body;
async function download(id: number): Promise<Response> {
  const { body } = await call('POST', '/files/downloadlink', { items: [{ id }] });
  expect(body.items[0].downloadUrl.startsWith(s3.endpoint)).toBe(true);
  return fetch(body.items[0].downloadUrl);
}
const content = async (id: number) => (await download(id)).text();
const post = async (id: number) =>
  (await call('POST', '/context/vision/segment', { items: [{ fileId: id }], points: [{ x: 0.5, y: 0.5 }] })).body;

/** The SHA-256 of the content that a job was posted for. */
async function pinnedBy(jobId: number): Promise<string> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('select content_sha256 from jobs where job_id = $1', [jobId]);
  await client.end();
  return rows[0].content_sha256;
}

describe('links straight to the store', () => {
  it('a content that is put there is that of its file at the next look, and comes back with its headers', async () => {
    const file = await create();
    // Signed for whatever is going to come: neither its checksum nor its type is known.
    expect([...new URL(file.uploadUrl).searchParams.keys()].join()).not.toContain('checksum');
    expect(new URL(file.uploadUrl).searchParams.get('X-Amz-Expires')).toBe('604800');
    expect((await read(file.id)).uploaded).toBe(false);
    const before = Date.now();
    await put(file.uploadUrl, 'first');
    const uploaded = await read(file.id);
    expect(uploaded).toMatchObject({ uploaded: true, lastUpdatedTime: file.lastUpdatedTime });
    // The store tells the time of an object in whole seconds.
    expect(uploaded.uploadedTime).toBeGreaterThan(before - 2000);
    expect(uploaded).not.toHaveProperty('uploadLinkTime');
    const answer = await download(file.id);
    expect(await answer.text()).toBe('first');
    const link = (await call('POST', '/files/downloadlink', { items: [{ id: file.id }] })).body.items[0].downloadUrl;
    const parameters = new URL(link).searchParams;
    expect(parameters.get('response-content-type')).toBe('image/jpeg');
    expect(parameters.get('response-content-disposition')).toContain('attachment; filename="photo.jpg"');
    expect(parameters.get('X-Amz-Expires')).toBe('30');
    expect(await s3.list('direct/uploads/')).toEqual([]);
    expect(await read(file.id)).toEqual(uploaded);
  });

  it('lists, searches and counts know it too', async () => {
    const files = await Promise.all(Array.from({ length: 12 }, (_, n) => create({ name: `listed-${n}.jpg` })));
    await Promise.all(files.map(({ uploadUrl }, n) => put(uploadUrl, `content ${n}`)));
    const filter = { uploaded: true };
    const { body: count } = await call('POST', '/files/aggregate', { filter });
    expect(count.items[0].count).toBeGreaterThanOrEqual(12);
    const { body: found } = await call('POST', '/files/byids', { items: files.map(({ id }) => ({ id })) });
    expect(found.items.every(({ uploaded }: { uploaded: boolean }) => uploaded)).toBe(true);
    await put(files[0].uploadUrl, 'other');
    await call('POST', '/files/list', { filter });
    expect(await s3.list('direct/uploads/')).toEqual([]);
    expect(await content(files[0].id)).toBe('other');
  });

  it('a job pins the SHA-256 of what was there when it was posted, though the link can be used again', async () => {
    const file = await create();
    await put(file.uploadUrl, 'posted for');
    const { jobId } = await post(file.id);
    const sha256 = createHash('sha256').update('posted for').digest('hex');
    expect(await pinnedBy(jobId)).toBe(sha256);
    await put(file.uploadUrl, 'something else');
    expect(await content(file.id)).toBe('something else');
    expect(await pinnedBy(jobId)).toBe(sha256);
  });

  it('an overwrite, a new link and a removal look first what has come', async () => {
    const file = await create({ externalId: 'overwritten' });
    await put(file.uploadUrl, 'before');
    const again = await create({ externalId: 'overwritten' });
    expect(again).toMatchObject({ id: file.id, uploaded: true });
    expect(await content(file.id)).toBe('before');
    // The old link still writes somewhere, but for nobody.
    await put(file.uploadUrl, 'by the old link');
    expect(await content(file.id)).toBe('before');
    await put(again.uploadUrl, 'by the new link');
    const { body: renewed } = await call('POST', '/files/uploadlink', { items: [{ id: file.id }] });
    expect(await content(file.id)).toBe('by the new link');
    await put(renewed.uploadUrl, 'unread');

    const { body: all } = await call('POST', '/files/list', { limit: 1000 });
    const items = all.items.map(({ id }: { id: number }) => ({ id }));
    expect((await call('POST', '/files/delete', { items })).status).toBe(200);
    expect(await s3.list('direct/')).toEqual(['direct/kontur-store.json']);
  });

  it('parts are put there too, and put together when the upload is completed', async () => {
    const { body: upload } = await call('POST', '/files/initmultipartupload?parts=3', { name: 'parts.jpg' });
    for (const [n, part] of ['one ', 'two ', 'three'].entries()) {
      if (n !== 1) await put(upload.uploadUrls[n], part);
    }
    const completion = { id: upload.id, uploadId: upload.uploadId };
    const early = await call('POST', '/files/completemultipartupload', completion);
    expect(early).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('part 2.') } } });
    await put(upload.uploadUrls[0], 'ONE ');
    await put(upload.uploadUrls[1], 'two ');
    const complete = () => call('POST', '/files/completemultipartupload', completion);
    expect((await Promise.all([complete(), complete()])).map(({ status }) => status)).toEqual([200, 200]);
    expect(await content(upload.id)).toBe('ONE two three');
    expect(await s3.list('direct/uploads/')).toEqual([]);
    await put(upload.uploadUrls[0], 'late');
    expect((await complete()).status).toBe(200);
    expect(await content(upload.id)).toBe('ONE two three');
    await call('POST', '/files/delete', { items: [{ id: upload.id }] });
    expect(await s3.list('direct/')).toEqual(['direct/kontur-store.json']);
  });

  it('more than the limit counts as never uploaded', async () => {
    const file = await create();
    await put(file.uploadUrl, new Uint8Array(1_000_001));
    expect((await read(file.id)).uploaded).toBe(false);
    expect(await s3.list('direct/uploads/')).toEqual([]);
    await put(file.uploadUrl, new Uint8Array(1_000_000));
    expect((await read(file.id)).uploaded).toBe(true);
  });

  it('while the store is away what is known of new files is answered 503', async () => {
    const file = await create();
    await put(file.uploadUrl, 'content');
    await s3.cut();
    expect((await call('GET', `/files/${file.id}`)).status).toBe(503);
    await s3.mend();
    expect((await read(file.id)).uploaded).toBe(true);
  });
});
