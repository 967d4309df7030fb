import { afterAll, beforeEach, expect, it } from 'vitest';
import {
  createFolders,
  type FileAnswer,
  type JobAnswer,
  PHOTO,
  runKontur,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';

const folders = createFolders();
let server: ServerProcess;

beforeEach(async () => {
  const ended = server === undefined || (server.process.exitCode ?? server.process.signalCode) !== null;
  if (ended) server = await startServerProcess(folders);
});
afterAll(async () => {
  await server.end('SIGKILL');
  folders.remove();
});

const POINT = { points: [{ x: 0.62, y: 0.645 }] };

async function waitForStatus(jobId: number, status: string): Promise<void> {
  for (;;) {
    const { body } = await server.call<JobAnswer>('GET', `/context/vision/segment/${jobId}`);
    if (body.status === status) return;
    if (body.status === 'Completed' || body.status === 'Failed') throw new Error(`the job is ${body.status} already`);
  }
}

it('jobs that a SIGKILL caught in the middle are finished after a restart, each once', async () => {
  const fileId = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
  const jobs = await Promise.all(Array.from({ length: 6 }, () => server.post(fileId, POINT)));
  await waitForStatus(jobs[0]!, 'Running');
  await server.end('SIGKILL');

  server = await startServerProcess(folders);
  const settled = await Promise.all(jobs.map((jobId) => server.settled(jobId)));
  expect(settled.map((job) => job.status)).toEqual(Array(6).fill('Completed'));
  const times = settled.map((job) => job.statusTime);
  expect((await Promise.all(jobs.map((jobId) => server.settled(jobId)))).map((job) => job.statusTime)).toEqual(times);
});

it('SIGTERM exits 0 with jobs in work, and none of them is lost', async () => {
  const fileId = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
  const jobs = await Promise.all(Array.from({ length: 6 }, () => server.post(fileId, POINT)));
  await waitForStatus(jobs[0]!, 'Running');
  expect(await server.end('SIGTERM')).toBe(0);

  server = await startServerProcess(folders);
  const settled = await Promise.all(jobs.map((jobId) => server.settled(jobId)));
  expect(settled.map((job) => job.status)).toEqual(Array(6).fill('Completed'));
});

it('an upload that does not end keeps no server from stopping', async () => {
  const { body: file } = await server.call<FileAnswer>('POST', '/files', { name: 'slow.jpg' });
  const endless = new ReadableStream({
    pull: (controller) => new Promise((r) => setTimeout(r, 50)).then(() => controller.enqueue(new Uint8Array(10))),
  });
  const upload = fetch(file.uploadUrl, { method: 'PUT', body: endless, duplex: 'half' } as RequestInit).catch(
    () => 'cut off',
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await server.end('SIGTERM')).toBe(0);
  await upload;
});

it('tokens, upload links and files outlive a restart on the same port', async () => {
  const port = new URL(server.url).port;
  const { body: file } = await server.call<FileAnswer>('POST', '/files', { name: 'boats.jpg', externalId: 'boats' });
  const { call } = server;
  await server.end('SIGTERM');

  server = await startServerProcess(folders, { KONTUR_PORT: port });
  const put = await fetch(file.uploadUrl, { method: 'PUT', body: PHOTO });
  expect(put.ok).toBe(true);
  const { status, body } = await call<{ items: unknown[] }>('POST', '/files/byids', {
    items: [{ externalId: 'boats' }],
  });
  expect(status).toBe(200);
  expect(body.items[0]).toMatchObject({ id: file.id, uploaded: true });
});

it('a second server on the same data folder is refused with the reason', async () => {
  const { code, stderr } = await runKontur(['serve'], folders);
  expect(code).toBe(1);
  expect(stderr).toContain('in use by another Kontur server');
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});
