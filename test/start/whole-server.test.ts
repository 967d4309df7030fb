import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { createSegmenter } from '../../src/segment/create-segmenter.ts';
import type { Segmenter } from '../../src/segment/segmenter.ts';
import { preparedGraphs } from '../../testing/prepared-graphs.ts';
import {
  createFolders,
  type FileAnswer,
  PHOTO,
  root,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';

const folders = createFolders();
let server: ServerProcess;
let segmenter: Segmenter;
let photo: number;

beforeAll(async () => {
  server = await startServerProcess(folders);
  segmenter = await createSegmenter({ cacheDir: preparedGraphs()! });
  photo = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
});
afterAll(async () => {
  await segmenter.close();
  await server.end('SIGTERM');
  folders.remove();
});

const POINT: Prompt = { points: [{ x: 0.62, y: 0.645, label: 1 }] };
const BOX: Prompt = { boundingBox: { xMin: 0.67, yMin: 0.78, xMax: 1, yMax: 0.99 } };
const BOTH: Prompt = {
  boundingBox: { xMin: 0, yMin: 0.75, xMax: 0.74, yMax: 0.96 },
  points: [
    { x: 0.2, y: 0.89, label: 1 },
    { x: 0.41, y: 0.83, label: 0 },
  ],
};

describe('a photo through HTTP to polygons', () => {
  it.each<[string, Prompt]>([
    ['one point', POINT],
    ['a box', BOX],
    ['a box with points', BOTH],
  ])('%s gives what the library gives', async (_, prompt) => {
    const job = await server.settled(await server.post(photo, prompt));
    expect(job).toMatchObject({ status: 'Completed', errorMessage: null, failedItems: [], prompt });
    expect(job.items).toHaveLength(1);
    expect(job.items[0]?.fileId).toBe(photo);

    const { segments } = await segmenter.segment(PHOTO, prompt);
    expect(segments.length).toBeGreaterThan(0);
    expect(job.items[0]?.segments).toEqual(segments.map(({ score, polygons }) => ({ score, polygons })));
  });

  it('many jobs on one photo at once all complete', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 12 }, (_, i) => server.post(photo, { points: [{ x: (i + 0.5) / 12, y: 0.6 }] })),
    );
    expect(new Set(jobs).size).toBe(12);
    const settled = await Promise.all(jobs.map((jobId) => server.settled(jobId)));
    expect(settled.map((job) => job.status)).toEqual(Array(12).fill('Completed'));
    expect(settled.map((job) => job.prompt.points?.[0]?.x)).toEqual(
      Array.from({ length: 12 }, (_, i) => (i + 0.5) / 12),
    );
  });

  it('background points alone complete with no segments', async () => {
    const job = await server.settled(await server.post(photo, { points: [{ x: 0.5, y: 0.5, label: 0 }] }));
    expect(job).toMatchObject({ status: 'Completed', items: [{ fileId: photo, segments: [] }], failedItems: [] });
  });
});

describe('a file that is no usable image fails its job with the reason', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  it.each<[string, string, Uint8Array, string | undefined, RegExp]>([
    ['a wrong extension', 'boats.gif', PHOTO, 'image/jpeg', /"boats.gif".* must have a name that ends in/],
    ['a wrong mimeType', 'boats.jpg', PHOTO, 'image/tiff', /mimeType "image\/tiff"/],
    [
      'a truncated JPEG',
      'cut.jpg',
      PHOTO.subarray(0, PHOTO.length / 2),
      'image/jpeg',
      /"cut.jpg".*% of its pixels are missing/,
    ],
    ['text', 'text.png', text('Hello, this is not a picture at all.'), 'image/png', /"text.png".*neither|not a/],
    ['nothing', 'empty.jpg', new Uint8Array(), 'image/jpeg', /"empty.jpg".*empty/],
    ['a Blob that became JSON', 'blob.jpg', text('{}'), 'image/jpeg', /"blob.jpg".*JSON/],
  ])('%s', async (_, name, content, mimeType, message) => {
    const fileId = await server.upload(name, content, mimeType);
    const job = await server.settled(await server.post(fileId, POINT));
    expect(job).toMatchObject({ status: 'Failed', items: [], failedItems: [{ items: [{ fileId }] }] });
    expect(job.errorMessage).toMatch(message);
    expect(job.failedItems[0]?.errorMessage).toBe(job.errorMessage);
    expect(job.startTime).toBeGreaterThanOrEqual(job.createdTime);
  });

  it('a file that was never uploaded', async () => {
    const { body: file } = await server.call<FileAnswer>('POST', '/files', {
      name: 'later.jpg',
      mimeType: 'image/jpeg',
    });
    const job = await server.settled(await server.post(file.id, POINT));
    expect(job.status).toBe('Failed');
    expect(job.errorMessage).toContain('never uploaded');
  });

  it('a name in capitals and no mimeType are fine', async () => {
    const job = await server.settled(await server.post(await server.upload('BOATS.JPEG', PHOTO), POINT));
    expect(job.status).toBe('Completed');
  });

  it('the server is as ready afterwards as before', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(200);
    expect(readdirSync(folders.data)).toContain('kontur.lock');
  });
});

it('docs/openapi.json is what the server answers', async () => {
  const answered = await fetch(`${server.url}/openapi.json`).then((response) => response.text());
  const written = readFileSync(path.join(root, 'docs', 'openapi.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(answered.replaceAll(server.url, 'http://127.0.0.1:8321')));
});

it('nothing is written outside the data, cache and temporary folders', () => {
  expect(readdirSync(folders.home)).toEqual([]);
  expect(readdirSync(folders.base).toSorted()).toEqual(['data', 'home', 'tmp']);
  // Neither Node nor V8 has anything to say.
  expect(server.output().stderr).toBe('');
});
