import { afterAll, beforeAll, expect, it } from 'vitest';
import { KonturError } from '#contract/errors';
import type { Preview } from '../../../../src/images/create-preview.ts';
import { createSemaphore } from '../../../../src/runtime/semaphore.ts';
import { rectangle } from '../../../geometry/rings.ts';
import { FOUND_TRIANGLE, startTestApp, type TestApp, TRIANGLE } from '../../start-test-app.ts';

let t: TestApp;
let fileId: number;
let tasks: Parameters<Preview>[0][];
let gate: Promise<void>;
let found = FOUND_TRIANGLE;
const limit = createSemaphore({ running: 1, waiting: 0, what: 'previews' });

beforeAll(async () => {
  tasks = [];
  gate = Promise.resolve();
  const preview: Preview = async (task) => {
    tasks.push(task);
    await limit.run(() => gate);
    return found;
  };
  t = await startTestApp({ preview });
  fileId = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json().id;
});
afterAll(() => t?.close());

const ask = (payload: object, query = '') => t.request({ method: 'POST', url: `/kontur/preview${query}`, payload });
const points = [{ x: 0.5, y: 0.5 }];
const at = (x: number, y: number) => ({ x, y });

it('answers the polygons at once and stores nothing', async () => {
  const answer = await ask({ fileId, points, boundingBox: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 } });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ fileId, imageWidth: 400, imageHeight: 300, segments: TRIANGLE });
  expect(tasks.at(-1)).toMatchObject({
    project: 'demo',
    file: { fileId },
    prompt: { points: [{ ...points[0], label: 1 }] },
  });
  expect((await t.request({ url: '/kontur/segment' })).json()).toEqual({ items: [] });
});

it('answers rings with real holes where asked, and refuses another value', async () => {
  found = {
    ...FOUND_TRIANGLE,
    segments: [{ score: 0.75, parts: [{ outer: rectangle(40, 30, 360, 270), holes: [rectangle(80, 60, 120, 90)] }] }],
  };
  const answer = await ask({ fileId, points }, '?rings=true');
  const [segment] = answer.json().segments;
  expect(segment.rings).toEqual([
    [
      [at(0.1, 0.1), at(0.9, 0.1), at(0.9, 0.9), at(0.1, 0.9)],
      [at(0.2, 0.2), at(0.3, 0.2), at(0.3, 0.3), at(0.2, 0.3)],
    ],
  ]);
  const { segments } = (await ask({ fileId, points }, '?rings=false')).json();
  expect(segments).toEqual([{ score: 0.75, polygons: segment.polygons }]);
  const refused = await ask({ fileId, points }, '?rings=holes');
  expect([refused.statusCode, refused.json().error.message]).toEqual([400, expect.stringContaining('rings')]);
  found = FOUND_TRIANGLE;
});

it('takes a mask with points, a box, or alone', async () => {
  const vertices = [at(0.2, 0.2), at(0.6, 0.2), at(0.6, 0.5)];
  const mask = { polygons: [{ vertices }] };
  expect((await ask({ fileId, points, mask })).statusCode).toBe(200);
  expect(tasks.at(-1)?.prompt).toEqual({ points: [{ ...points[0], label: 1 }], mask });
  const rle = { size: [300, 400], counts: [0, 500, 119_500] };
  expect((await ask({ fileId, mask: { rle } }, '?rings=true')).statusCode).toBe(200);
  expect(tasks.at(-1)?.prompt).toMatchObject({ mask: { rle }, isMaskAlone: true });
});

it.each([
  [{ fileId: 1, mask: {} }, 'mask must have exactly one of polygons, rle, got none'],
  [{ fileId: 1, mask: 'x' }, 'mask must be an object'],
  [{ fileId: 1, mask: { rle: { size: [1, 2], counts: 5 } } }, 'mask.rle.counts must be a string or an array, got 5'],
  [{ fileId: 1, mask: { rle: { size: [1, 2], counts: [1] } } }, 'sum'],
  [{ fileId: 1, mask: { polygons: [{ vertices: [at(0, 0), at(0, 2), at(1, 1)] }] } }, 'at most 1'],
  [{ fileId: 1, mask: { polygons: [{ vertices: [at(0, 0), at(0, 1)] }] } }, 'at least 3'],
  [
    { fileId: 1, mask: { polygons: [{ vertices: Array.from({ length: 100_000 }, () => at(0.1234567, 0.7)) }] } },
    'body',
  ],
  [{ points }, 'must have fileId'],
  [{ fileId: 1 }, 'points'],
  [{ fileId: 1, points: [] }, 'empty'],
  [{ fileId: 1, points: [{ x: 2, y: 0 }] }, 'at most 1'],
  [{ fileId: 1, points: Array.from({ length: 6 }, (_, i) => ({ x: i / 10, y: 0 })) }, 'at most 5'],
  [{ fileId: 12345, points }, 'not found'],
])('refuses %j', async (payload, message) => {
  const answer = await ask(payload);
  expect([answer.statusCode, answer.json().error.message]).toEqual([
    message === 'body' ? 413 : 400,
    expect.stringContaining(message),
  ]);
});

it('answers 429 with a time to wait where too many are being made, and recovers', async () => {
  let open = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const first = ask({ fileId, points });
  while (tasks.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const refused = await ask({ fileId, points });
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '2']);
  open();
  expect((await first).statusCode).toBe(200);
  expect((await ask({ fileId, points })).statusCode).toBe(200);
});

it('a server without an engine says so', async () => {
  const other = await startTestApp();
  const { id } = (await other.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
  const answer = await other.request({ method: 'POST', url: '/kontur/preview', payload: { fileId: id, points } });
  expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringContaining('Post a job')]);
  await other.close();
});

it('what is wrong with an image is the caller’s to read', async () => {
  const preview = () => Promise.reject(new KonturError('image-animated', 'It moves.'));
  const other = await startTestApp({ preview });
  const { id } = (await other.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
  const answer = await other.request({ method: 'POST', url: '/kontur/preview', payload: { fileId: id, points } });
  expect([answer.statusCode, answer.json().error.message]).toEqual([400, 'It moves.']);
  await other.close();
});
