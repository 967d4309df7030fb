import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KonturError } from '#contract/errors';
import type { JobTask } from '../../../../src/jobs/job-record.ts';
import { FOUND_TRIANGLE, startTestApp, type TestApp, TRIANGLE } from '../../start-test-app.ts';

const contract = parse(readFileSync(new URL('../../../contract/segment.openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, formats: { int64: true, int32: true, uuid: true } });
ajv.addSchema({ $id: 'contract', ...contract });
const expectToMatch = (schema: string, value: unknown) => {
  expect(ajv.validate({ $ref: `contract#/components/schemas/${schema}` }, value), ajv.errorsText(ajv.errors)).toBe(
    true,
  );
};

const at = (x: number, y: number) => ({ x, y });
const mask = { polygons: [{ vertices: [at(0.2, 0.2), at(0.6, 0.2), at(0.6, 0.5), at(0.2, 0.5)] }] };
const points = [{ ...at(0.5, 0.5), label: 0 }];

let t: TestApp;
let fileId: number;
const tasks: JobTask[] = [];
beforeAll(async () => {
  t = await startTestApp({
    run: async (task) => {
      tasks.push(task);
      if (task.prompt.points?.length === 3)
        throw new KonturError('invalid-request', 'mask.rle.size is of another image');
      return FOUND_TRIANGLE;
    },
  });
  fileId = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg', externalId: 'a' } })).json().id;
});
afterAll(() => t?.close());

const post = (payload: object, url = '/kontur/segment') => t.request({ method: 'POST', url, payload });
async function ended(jobId: number) {
  for (;;) {
    const job = (await t.request({ url: `/context/vision/segment/${jobId}` })).json();
    if (job.status === 'Completed' || job.status === 'Failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('runs a job with a mask, whose answers are the documented ones without it', async () => {
  const posted = await post({ items: [{ fileExternalId: 'a' }], points, mask });
  expect(posted.statusCode).toBe(200);
  expect(posted.json()).toMatchObject({ status: 'Queued', items: [{ fileId, fileExternalId: 'a' }], points });
  expect(posted.json()).not.toHaveProperty('mask');
  expectToMatch('SegmentJobCreated', posted.json());
  const job = await ended(posted.json().jobId);
  expect(tasks.at(-1)?.prompt).toEqual({ points, mask });
  expect(job).toMatchObject({ prompt: { points }, items: [{ fileId, segments: TRIANGLE }] });
  expect(job.prompt).not.toHaveProperty('mask');
  expectToMatch('SegmentJob', job);
  const { items } = (await t.request({ url: '/kontur/segment' })).json();
  expect(items[0].prompt).toEqual({ points });
});

it('a job of a mask alone has the box around it for a prompt', async () => {
  const posted = await post({ items: [{ fileId }], mask });
  const box = { xMin: 0.2, yMin: 0.2, xMax: 0.6, yMax: 0.5 };
  expect(posted.json().boundingBox).toEqual(box);
  const job = await ended(posted.json().jobId);
  expect(job.prompt).toEqual({ boundingBox: box });
  expectToMatch('SegmentJob', job);
  expect(tasks.at(-1)?.prompt).toEqual({ boundingBox: box, mask, isMaskAlone: true });
});

it('fails at once, with the reason, where the mask is not one of the photo', async () => {
  const three = [at(0.1, 0.1), at(0.2, 0.2), at(0.3, 0.3)];
  const rle = { size: [3, 4], counts: [1, 1, 10] };
  const posted = await post({ items: [{ fileId }], points: three, mask: { rle } });
  const job = await ended(posted.json().jobId);
  expect([job.status, job.errorMessage]).toEqual(['Failed', expect.stringContaining('another image')]);
});

it('refuses what preview refuses, and what is no request of the documented operation', async () => {
  const bad = await post({ items: [{ fileId }], mask: { rle: { size: [3, 4], counts: [12] } } });
  expect([bad.statusCode, bad.json().error.message]).toEqual([400, expect.stringContaining('mask is empty')]);
  expect((await post({ points, mask })).statusCode).toBe(400);
  expect((await post({ items: [{ fileId }] })).statusCode).toBe(400);
  expect((await post({ items: [{ fileId: 5 }], mask })).statusCode).toBe(400);
});

it('the documented operation knows no mask', async () => {
  const headers = { 'cdf-version': 'beta' };
  const url = '/context/vision/segment';
  const posted = await t.request({ method: 'POST', url, headers, payload: { items: [{ fileId }], points, mask } });
  await ended(posted.json().jobId);
  expect(tasks.at(-1)?.prompt).toEqual({ points });
});
