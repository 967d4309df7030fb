import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitFileSize, mayMount, mountSmallDisk, type SmallDisk } from '../../testing/small-disk.ts';
import { until } from '../../testing/test-jobs.ts';
import { FOUND_TRIANGLE, startTestApp, type TestApp, TRIANGLE } from './start-test-app.ts';

const MEGABYTE = 1_000_000;
const DISK = 240 * MEGABYTE;
const CONTENT = Buffer.alloc(30 * MEGABYTE, 7);

const MAY_MOUNT = mayMount();

let disk: SmallDisk | undefined;
let t: TestApp;
let letRun: () => void;
beforeEach(async () => {
  disk = mountSmallDisk(DISK);
  const gate = new Promise<void>((resolve) => {
    letRun = resolve;
  });
  const run = () => gate.then(() => FOUND_TRIANGLE);
  t = await startTestApp({ run, dataDir: disk?.folder, settings: { maxUploadBytes: 40 * MEGABYTE } });
});
afterEach(async () => {
  await t.close();
  disk?.remove();
});

const FULL = { error: { code: 507, message: expect.stringContaining('no room left') } };
const create = async () =>
  (await t.request({ method: 'POST', url: '/files', payload: { name: 'photo.jpg', mimeType: 'image/jpeg' } })).json();
const put = (uploadUrl: string, payload: Buffer) =>
  t.send({ method: 'PUT', url: uploadUrl, payload, headers: { 'content-type': 'image/jpeg' } });
const post = (fileId: number) =>
  t.request({
    method: 'POST',
    url: '/context/vision/segment',
    headers: { 'cdf-version': 'beta' },
    payload: { items: [{ fileId }], points: [{ x: 0.5, y: 0.5 }] },
  });
const job = async (jobId: number) =>
  (await t.request({ url: `/context/vision/segment/${jobId}`, headers: { 'cdf-version': 'beta' } })).json();
const contents = () =>
  readdirSync(path.join(t.dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;

/** Elsewhere, test/start/outages.test.ts has the system call fail. */
describe.runIf(MAY_MOUNT || process.platform === 'linux')('while the disk is full', () => {
  it('an upload is answered 507, nothing is kept of it, and there is room for it afterwards', async () => {
    const file = await create();
    // Where no disk may be mounted, the system lets no file grow beyond a size, which comes to the same.
    const makeRoom = disk?.fill(8 * MEGABYTE) ?? limitFileSize(20 * MEGABYTE);
    const refused = await put(file.uploadUrl, CONTENT);
    expect(refused.statusCode).toBe(507);
    expect(refused.json()).toEqual(FULL);
    expect(contents()).toBe(0);
    expect((await t.request({ url: `/files/${file.id}` })).json().uploaded).toBe(false);
    makeRoom();
    expect((await put(file.uploadUrl, CONTENT)).statusCode).toBe(200);
    expect(contents()).toBe(1);
  });

  if (MAY_MOUNT) {
    it('nothing is written to the database, all can be read, and jobs that run end when there is room', async () => {
      const file = await create();
      await put(file.uploadUrl, CONTENT);
      const { jobId } = (await post(file.id)).json();
      await until(async () => (await job(jobId)).status === 'Running');

      const makeRoom = disk!.fill(8 * MEGABYTE);
      for (const refused of [
        await post(file.id),
        await t.request({ method: 'POST', url: '/files', payload: { name: 'other.jpg' } }),
        await t.request({ method: 'POST', url: '/files/delete', payload: { items: [{ id: file.id }] } }),
        await put(file.uploadUrl, Buffer.alloc(MEGABYTE)),
      ]) {
        expect(refused.statusCode).toBe(507);
        expect(refused.json()).toEqual(FULL);
      }
      expect(contents()).toBe(1);
      letRun();
      await sleep(1_500);
      expect(await job(jobId)).toMatchObject({ status: 'Running' });
      expect((await t.request({ url: '/files' })).json().items).toHaveLength(1);

      makeRoom();
      const ended = await until(async () => {
        const now = await job(jobId);
        return now.status === 'Running' ? undefined : now;
      });
      expect(ended).toMatchObject({ status: 'Completed', items: [{ segments: TRIANGLE }] });
      const next = (await post(file.id)).json();
      await until(async () => (await job(next.jobId)).status === 'Completed');
    });
  }
});
