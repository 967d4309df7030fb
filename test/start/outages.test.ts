import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toWireSegments } from '#outputs/to-wire-segments';
import { type Database, openDatabase } from '../../src/database/open-database.ts';
import type { Jobs } from '../../src/jobs/create-jobs.ts';
import { type Server, startServer } from '../../src/start/start-server.ts';
import { apiRequest } from '../../testing/api-request.ts';
import { loadTestConfig } from '../../testing/load-test-config.ts';
import { type PostgresServer, startPostgresServer } from '../../testing/postgres-server.ts';
import { createTestJobs, FOUND, until } from '../../testing/test-jobs.ts';
import {
  askForCode,
  createBrowser,
  developmentSecret,
  redeemCode,
  type SignIn,
  startSignIn,
  submitLogin,
} from '../auth/sign-in.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-outage-'));
const store = path.join(folder, 'store');
let postgres: PostgresServer;
let server: Server;
/** Runs the jobs of the server, which has no engine, on its own database connection. */
let worker: Jobs;
let database: Database;
let missed = 0;
let token: string;

beforeAll(async () => {
  postgres = await startPostgresServer();
  const url = `${postgres.url}/postgres`;
  server = await startServer(
    loadTestConfig({
      KONTUR_DATABASE_URL: url,
      KONTUR_BLOBS: store,
      KONTUR_DATA_DIR: path.join(folder, 'data'),
      KONTUR_PORT: '0',
      KONTUR_JOBS_CONCURRENCY: '0',
      KONTUR_LOG_LEVEL: 'silent',
    }),
  );
  database = await openDatabase({ url });
  worker = createTestJobs(database);
  worker.subscribe({
    changed: () => {},
    missed: () => {
      missed += 1;
    },
  });
  await worker.start();
  token = await newToken();
});
afterAll(async () => {
  await worker?.stop({ timeoutMs: 0 });
  await server?.close();
  await database?.close();
  await postgres?.remove();
  rmSync(folder, { recursive: true });
});

async function newToken(): Promise<string> {
  const credentials = readFileSync(path.join(folder, 'data', 'development-client.json'), 'utf8');
  const { clientId, clientSecret } = JSON.parse(credentials);
  const answer = await fetch(`${server.url}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

interface Answer {
  status: number;
  retryAfter: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind, looked into by the tests
  body: any;
}
async function call(method: string, route: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1/projects/demo${route}`, apiRequest(token, method, body));
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}

const newFile = async () => (await call('POST', '/files', { name: 'photo.jpg', mimeType: 'image/jpeg' })).body;
const put = async (uploadUrl: string) => (await fetch(uploadUrl, { method: 'PUT', body: 'content' })).status;
const post = (fileId: number) =>
  call('POST', '/context/vision/segment', { items: [{ fileId }], points: [{ x: 0.5, y: 0.5 }] });
const get = (jobId: number) => call('GET', `/context/vision/segment/${jobId}`);
const readiness = async () => (await (await fetch(`${server.url}/readyz`)).json()) as { parts: Record<string, string> };
const contents = () =>
  readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

async function completed(jobId: number): Promise<Answer> {
  return until(async () => {
    const answer = await get(jobId);
    return answer.body.status === 'Completed' ? answer : undefined;
  });
}

const AWAY = {
  status: 503,
  retryAfter: expect.stringMatching(/^\d+$/),
  body: { error: { code: 503, message: expect.stringContaining('is away for the moment; nothing was created') } },
};

/** Browsers get a page that says so, and programs an error of OAuth. */
async function expectNoSignIn(signIn: SignIn): Promise<void> {
  const page = await fetch(askForCode(signIn).url, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  expect(await page.text()).toContain('Signing in is not possible now');
  const refusal = await redeemCode(`${signIn.redirectUri}?code=some`, { ...signIn, verifier: 'x'.repeat(43) });
  expect([refusal.status, refusal.body.error]).toEqual([503, 'temporarily_unavailable']);
}

describe('while the database is away', () => {
  it('everything is answered 503, nothing is created, and all goes on when it is back', async () => {
    const [filled, empty] = [await newFile(), await newFile()];
    expect(await put(filled.uploadUrl)).toBe(200);
    const { body: job } = await post(filled.id);
    const end = await completed(job.jobId);
    expect(end.body.items[0].segments).toEqual(toWireSegments(FOUND));
    const before = contents();
    const signIn = { issuer: `${server.url}/oidc`, clientId: 'kontur-studio', redirectUri: `${server.url}/studio/` };
    const browser = createBrowser();
    const { location: loginPage } = await startSignIn(browser, signIn);

    await postgres.stop();
    const requests: [string, string, unknown?][] = [
      ['GET', '/files'],
      ['GET', `/context/vision/segment/${job.jobId}`],
      ['POST', '/files', { name: 'other.jpg' }],
      ['POST', '/files/delete', { items: [{ id: filled.id }] }],
      ['POST', '/context/vision/segment', { items: [{ fileId: filled.id }], points: [{ x: 0.5, y: 0.5 }] }],
      ['DELETE', `/kontur/segment/${job.jobId}`],
      ['GET', `/kontur/segment/events?jobId=${job.jobId}`],
    ];
    for (const request of requests) expect(await call(...request), request.join(' ')).toEqual(AWAY);
    expect(await put(empty.uploadUrl)).toBe(503);
    expect(contents()).toBe(before);
    expect((await readiness()).parts).toEqual({ database: 'not ready', store: 'ready' });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await expectNoSignIn(signIn);
    expect((await browser.visit(loginPage)).status).toBe(503);
    expect(await newToken()).not.toBe(token);

    await postgres.start();
    await until(async () => (await readiness()).parts.database === 'ready');
    expect(await get(job.jobId)).toEqual(end);
    expect((await call('GET', '/files')).body.items).toHaveLength(2);
    expect(
      (await submitLogin(browser, loginPage, { password: developmentSecret(path.join(folder, 'data')) })).location,
    ).toContain('code=');
    expect(await put(empty.uploadUrl)).toBe(200);
    const { body: next } = await post(empty.id);
    await completed(next.jobId);
    await until(() => missed === 1);
  });
});

describe('while the store is away', () => {
  it('contents are answered 503 and nothing is kept of them, until it is back', async () => {
    const [filled, empty] = [await newFile(), await newFile()];
    expect(await put(filled.uploadUrl)).toBe(200);
    const { body } = await call('POST', '/files/downloadlink', { items: [{ id: filled.id }] });
    const download = async () => (await fetch(body.items[0].downloadUrl)).status;
    expect(await download()).toBe(200);

    renameSync(store, `${store}-away`);
    expect(await put(empty.uploadUrl)).toBe(503);
    expect(await download()).toBe(503);
    expect((await readiness()).parts).toEqual({ database: 'ready', store: 'not ready' });
    expect(readdirSync(folder)).not.toContain('store');
    renameSync(`${store}-away`, store);
    expect((await readiness()).parts).toEqual({ database: 'ready', store: 'ready' });
    expect((await call('GET', `/files/${empty.id}`)).body.uploaded).toBe(false);
    expect(await put(empty.uploadUrl)).toBe(200);
    expect(await download()).toBe(200);
  });
});

describe('while the disk is full', () => {
  it('an upload is answered 507 and nothing is kept of it, until there is room', async () => {
    const file = await newFile();
    const before = contents();
    const handle = await open(path.join(folder, 'probe'), 'w');
    const write = vi
      .spyOn(Object.getPrototypeOf(handle) as FileHandle, 'write')
      .mockImplementationOnce(async (chunk) => ({ bytesWritten: 1, buffer: chunk }))
      .mockRejectedValueOnce(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    const refused = await fetch(file.uploadUrl, { method: 'PUT', body: 'content' });
    expect(write).toHaveBeenCalledTimes(2);
    write.mockRestore();
    await handle.close();
    expect(refused.status).toBe(507);
    expect(await refused.json()).toEqual({
      error: { code: 507, message: expect.stringContaining('no room left for the upload; nothing was stored') },
    });
    expect(contents()).toBe(before);
    expect((await call('GET', `/files/${file.id}`)).body.uploaded).toBe(false);
    expect(await put(file.uploadUrl)).toBe(200);
  });
});
