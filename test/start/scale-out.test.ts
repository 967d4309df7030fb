import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiRequest } from '../../testing/api-request.ts';
import { freePort } from '../../testing/free-port.ts';
import { type KonturProcess, startKonturProcess } from '../../testing/kontur-process.ts';
import { createFolders, type FileAnswer, type JobAnswer, PHOTO, runKontur } from '../../testing/server-process.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';
import { createBrowser, developmentSecret, redeemCode, startSignIn, submitLogin } from '../auth/sign-in.ts';

/** Two servers without an engine and one worker, with separate data folders, on one database and one store. */
const [first, second, third] = [createFolders(), createFolders(), createFolders()];
const store = path.join(first.base, 'store');
const secretFile = path.join(first.base, 'database-url');
const processes: KonturProcess[] = [];
let removeDatabase: () => Promise<void>;
let ports: number[];
let shared: Record<string, string>;
let token: string;

beforeAll(async () => {
  const { url, remove } = await newPostgresDatabase();
  removeDatabase = remove;
  writeFileSync(secretFile, `${url}\n`);
  mkdirSync(store);
  ports = [await freePort(), await freePort()];
  shared = {
    KONTUR_DATABASE_URL_FILE: secretFile,
    KONTUR_BLOBS: store,
    KONTUR_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
  };
  const serve = (folders: typeof first, port: number) =>
    startKonturProcess('serve', folders, {
      env: { ...shared, KONTUR_PORT: `${port}`, KONTUR_JOBS_CONCURRENCY: '0' },
      ready: /listens at http/,
    });
  processes.push(
    ...(await Promise.all([
      serve(first, ports[0]!),
      serve(second, ports[1]!),
      startKonturProcess('work', third, { env: shared, ready: /works on 4 jobs/ }),
    ])),
  );
  token = (await runKontur(['token'], first)).stdout.trim();
});
afterAll(async () => {
  for (const { process } of processes) process.kill('SIGKILL');
  await removeDatabase();
  for (const folders of [first, second, third]) folders.remove();
});

async function call<T>(node: number, method: string, route: string, body?: unknown, bearer = token): Promise<T> {
  const response = await fetch(
    `http://127.0.0.1:${ports[node]}/api/v1/projects/demo${route}`,
    apiRequest(bearer, method, body),
  );
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** An address that one node signed, at another node. */
const at = (node: number, url: string) => url.replace(`:${ports[0]}/`, `:${ports[node]}/`);

describe('several processes on one database and one store', () => {
  it('links signed by one node work on the other, and a worker does the jobs that either takes', async () => {
    const file = await call<FileAnswer>(0, 'POST', '/files', { name: 'boats.jpg', mimeType: 'image/jpeg' });
    const put = await fetch(at(1, file.uploadUrl), { method: 'PUT', body: PHOTO });
    expect(put.status).toBe(200);
    const { items } = await call<{ items: { downloadUrl: string }[] }>(1, 'POST', '/files/downloadlink', {
      items: [{ id: file.id }],
    });
    const got = await fetch(items[0]!.downloadUrl);
    expect(Buffer.from(await got.arrayBuffer()).equals(PHOTO)).toBe(true);

    const { jobId } = await call<JobAnswer>(0, 'POST', '/context/vision/segment', {
      items: [{ fileId: file.id }],
      points: [{ x: 0.62, y: 0.645 }],
    });
    const events = await fetch(
      `http://127.0.0.1:${ports[1]}/api/v1/projects/demo/kontur/segment/events?jobId=${jobId}`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    // The stream of a job ends when the job does.
    expect(await events.text()).toContain('"status":"Completed"');
    const job = await call<JobAnswer>(1, 'GET', `/context/vision/segment/${jobId}`);
    expect(job.status).toBe('Completed');
    expect(job.items[0]?.segments.length).toBeGreaterThan(0);
  });

  it('the clients and tokens of one node are those of the other', async () => {
    const other = (await runKontur(['token', '--url', `http://127.0.0.1:${ports[1]}`], second)).stdout.trim();
    expect(await call(0, 'GET', '/files', undefined, other)).toMatchObject({ items: expect.any(Array) });
  });

  it('who signs in on one node gets a token from the other', async () => {
    const publicUrl = `http://127.0.0.1:${ports[0]}`;
    const signIn = { issuer: `${publicUrl}/oidc`, clientId: 'kontur-studio', redirectUri: `${publicUrl}/studio/` };
    const browser = createBrowser();
    const { location: page, verifier } = await startSignIn(browser, signIn);
    const { location } = await submitLogin(browser, at(1, page), { password: developmentSecret(first.data) });
    const { body } = await redeemCode(location, { ...signIn, issuer: at(1, signIn.issuer), verifier });
    expect(await call(0, 'GET', '/files', undefined, body.access_token)).toMatchObject({ items: expect.any(Array) });
  });

  it('each reports whether its own parts are ready', async () => {
    const readiness = async (url: string) => (await fetch(`${url}/readyz`)).json();
    expect(await readiness(`http://127.0.0.1:${ports[0]}`)).toEqual({
      status: 'ready',
      parts: { database: 'ready', store: 'ready' },
    });
    const worker = /http:\S+:\d+/.exec(processes[2]!.output())![0];
    expect(await readiness(worker)).toMatchObject({
      status: 'ready',
      parts: { database: 'ready', store: 'ready', engine: 'ready' },
      engine: { model: 'mobilesam', precision: expect.stringMatching(/^(int8|fp32)$/), provider: 'cpu' },
    });
    expect((await fetch(`${worker}/api/v1/projects/demo/files`)).status).toBe(404);
  });

  it('a folder that is not the store is refused, and so is a folder that another database has', async () => {
    const { code, stderr } = await runKontur(['work'], third, {
      env: { ...shared, KONTUR_BLOBS: path.join(third.base, 'elsewhere') },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('is not the store of this database');

    const { url, remove } = await newPostgresDatabase();
    const { KONTUR_DATABASE_URL_FILE: _, ...rest } = shared;
    const other = await runKontur(['work'], third, {
      env: { ...rest, KONTUR_DATABASE_URL: url },
    });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('is the store of another database');
    await remove();
  });

  it('all stop in good order, a stream that is open or not', async () => {
    const events = await fetch(`http://127.0.0.1:${ports[1]}/api/v1/projects/demo/kontur/segment/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const read = events.text();
    await sleep(100);
    expect(await Promise.all(processes.map((running) => running.end('SIGTERM')))).toEqual([0, 0, 0]);
    expect(await read).toContain(': open');
  });
});
