import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

const MEBIBYTE = 1024 * 1024;

let t: TestApp;
let fileId: number;
beforeAll(async () => {
  t = await startTestApp();
  fileId = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json().id;
});
afterAll(() => t?.close());

const post = (url: string, payload: object) => t.request({ method: 'POST', url: `/annotations${url}`, payload });
/** Annotations with as many vertices each, written with all digits of a double. */
function items(count: number, vertices: number): object[] {
  return Array.from({ length: count }, () => ({
    ...{ annotatedResourceType: 'file', annotatedResourceId: fileId, annotationType: 'images.ObjectDetection' },
    ...{ creatingApp: 'test', creatingAppVersion: '1', creatingUser: null, status: 'suggested' },
    data: {
      label: 'a',
      polygon: {
        vertices: Array.from({ length: vertices }, (_, index) => ({
          x: 0.5 + Math.cos((2 * Math.PI * index) / vertices) / 2,
          y: 0.5 + Math.sin((2 * Math.PI * index) / vertices) / 2,
        })),
      },
    },
  }));
}

it('answers that would be too large come in pages, or are refused before anything is written', async () => {
  const ids: { id: number }[] = [];
  for (let call = 0; call < 3; call++) {
    const answer = await post('', { items: items(480, 400) });
    expect(answer.statusCode).toBe(201);
    ids.push(...answer.json().items.map(({ id }: { id: number }) => ({ id })));
  }
  const thousand = ids.slice(0, 1000);
  const filter = { annotatedResourceType: 'file', annotatedResourceIds: [{ id: fileId }] };
  const seen = new Set<number>();
  const sizes: number[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await post('/list', { filter, limit: 1000, cursor });
    const { items: listed, nextCursor } = page.json();
    expect(page.body.length).toBeLessThan(16 * MEBIBYTE);
    sizes.push(listed.length);
    for (const { id } of listed) seen.add(id);
    cursor = nextCursor;
  } while (cursor !== null);
  expect(seen.size).toBe(1440);
  expect(sizes[0]).toBeLessThan(1000);
  const approve = thousand.map(({ id }) => ({ id, update: { status: { set: 'approved' } } }));
  for (const [url, payload] of [
    ['/byids', { items: thousand }],
    ['/update', { items: approve }],
  ] as const) {
    const { error } = (await post(url, payload)).json();
    expect(error).toMatchObject({ code: 400, message: expect.stringContaining('Ask for fewer at a time.') });
  }
  expect((await post('/byids', { items: ids.slice(0, 500) })).json().items).toHaveLength(500);
  expect((await post('/update', { items: approve.slice(0, 500) })).statusCode).toBe(200);
  // What answers nothing has no such limit.
  expect((await post('/delete', { items: thousand })).statusCode).toBe(200);
});

it('more is refused before it is read whole', async () => {
  const answer = await post('', { items: items(1000, 1000) });
  expect(answer.statusCode).toBe(413);
  expect(answer.json().error.message).toContain('The body is larger than the limit of 16777216 bytes');
});
