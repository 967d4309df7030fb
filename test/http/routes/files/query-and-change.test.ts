import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

let t: TestApp;
let north: { id: number };
let south: { id: number };
beforeAll(async () => {
  t = await startTestApp();
  north = await create({
    name: 'Pump north.jpg',
    externalId: 'n-1',
    directory: '/plant/a',
    source: 'camera & "drone"',
    mimeType: 'image/jpeg',
    metadata: { site: 'north' },
    assetIds: [1, 2],
    dataSetId: 8,
    labels: [{ externalId: 'pump' }],
    sourceCreatedTime: 10,
    sourceModifiedTime: 20,
  });
  south = await create({ name: 'Pump south.jpg', externalId: 's-1', mimeType: 'image/png' });
});
afterAll(() => t?.close());

const post = (url: string, payload: object) => t.request({ method: 'POST', url: `/files${url}`, payload });
async function create(payload: object): Promise<{ id: number }> {
  const { uploadUrl: _, ...file } = (await post('', payload)).json();
  return file;
}
const get = (parameters: Record<string, string>) =>
  t.request({ url: `/files?${new URLSearchParams(parameters).toString()}` });

function expectRefusal(answer: Answer, status: number, message: unknown, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
}

describe('GET /files', () => {
  it.each<Record<string, string>>([
    { name: 'Pump north.jpg' },
    { directoryPrefix: '/plant' },
    { source: 'camera & "drone"' },
    { mimeType: 'image/jpeg' },
    { metadata: '{"site":"north"}' },
    { assetIds: '[2,7]' },
    { assetIds: '2' },
    { dataSetIds: '[{"id":8}]' },
    { labels: '{"containsAny":[{"externalId":"pump"}]}' },
    { sourceCreatedTime: '{"min":10}' },
    { sourceModifiedTime: '{"max":20}' },
    { createdTime: '{"min":1}', externalIdPrefix: 'n-' },
    { uploaded: 'false', externalIdPrefix: 'n' },
  ])('finds by %j', async (parameters) => {
    const answer = await get(parameters);
    expect([answer.statusCode, answer.json()]).toEqual([200, { items: [north] }]);
  });

  it('turns pages, in partitions', async () => {
    const all = [north.id, south.id].sort((a, b) => a - b);
    const first = (await get({ limit: '1' })).json();
    expect(first.items.map(({ id }: { id: number }) => id)).toEqual([all[0]]);
    const second = (await get({ limit: '1', cursor: first.nextCursor })).json();
    expect(second.items.map(({ id }: { id: number }) => id)).toEqual([all[1]]);
    expect(second.nextCursor).toBeUndefined();
    const parts = await Promise.all(['1/2', '2/2'].map(async (partition) => (await get({ partition })).json().items));
    expect(parts.flat()).toHaveLength(2);
    const posted = await Promise.all(
      ['1/2', '2/2'].map(async (partition) => (await post('/list', { partition })).json()),
    );
    expect(posted.map(({ items }) => items)).toEqual(parts);
  });

  it('goes on with a cursor of POST /files/list, the filter being the same', async () => {
    const { nextCursor } = (await post('/list', { filter: { uploaded: false }, limit: 1 })).json();
    expect((await get({ uploaded: 'false', cursor: nextCursor })).json().items).toHaveLength(1);
    expectRefusal(await get({ cursor: nextCursor }), 400, expect.stringMatching(/^The cursor is not one of this list/));
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ limit: '0' }, /^limit must be at least 1/],
    [{ limit: '1001' }, /^limit must be at most 1000/],
    [{ uploaded: 'maybe' }, /^uploaded must be true or false, got "maybe"/],
    [{ metadata: '{' }, /^metadata must be an object, got "{"/],
    [{ metadata: '{"a":{}}' }, /^metadata\.a must be a string, got \{\}/],
    [{ assetIds: '["x"]' }, /^assetIds\[0\] must be a whole number, got "x"/],
    [{ createdTime: '{"min":-1}' }, /^createdTime\.min must be at least 0, got -1/],
    [{ partition: '1/11' }, /^partition must be m\/n, the m-th of n parts, with n at most 10/],
    [{ cursor: 'x' }, /^The cursor is not one of this list/],
  ])('refuses %j', async (parameters, message) => {
    expectRefusal(await get(parameters), 400, expect.stringMatching(message));
  });

  it('shows another project nothing', async () => {
    expect((await t.requestOther({ url: '/files' })).json()).toEqual({ items: [] });
  });
});

describe('POST /files/search', () => {
  it('finds words of names, the best match first', async () => {
    const found = async (payload: object) => (await post('/search', payload)).json().items;
    expect(await found({ search: { name: 'pump' } })).toHaveLength(2);
    expect(await found({ search: { name: 'SOUTH pump' } })).toEqual([south, north]);
    expect(await found({ search: { name: 'pump' }, filter: { mimeType: 'image/png' }, limit: 25 })).toEqual([south]);
    expect(await found({ search: { name: 'pump' }, limit: 1 })).toHaveLength(1);
    expect(await found({ filter: { mimeType: 'image/png' } })).toEqual([south]);
    expect(await found({})).toHaveLength(2);
    const other = await t.requestOther({ method: 'POST', url: '/files/search', payload: { search: { name: 'pump' } } });
    expect(other.json()).toEqual({ items: [] });
  });

  it('refuses what is over the limits', async () => {
    expectRefusal(
      await post('/search', { limit: 1001 }),
      400,
      'limit must be at most 1000, got 1001 (most items of the answer).',
    );
    expectRefusal(
      await post('/search', { search: { name: 'a'.repeat(257) } }),
      400,
      expect.stringMatching(/^search\.name must have at most 256 characters, got 257/),
    );
  });
});

it('POST /files/aggregate counts', async () => {
  const count = async (payload: object) => (await post('/aggregate', payload)).json();
  expect(await count({})).toEqual({ items: [{ count: 2 }] });
  expect(await count({ filter: {} })).toEqual({ items: [{ count: 2 }] });
  expect(await count({ filter: { mimeType: 'image/png' } })).toEqual({ items: [{ count: 1 }] });
  const other = await t.requestOther({ method: 'POST', url: '/files/aggregate', payload: {} });
  expect(other.json()).toEqual({ items: [{ count: 0 }] });
});

describe('POST /files/update', () => {
  const update = (...items: object[]) => post('/update', { items });

  it('changes properties and answers with the files, which have metadata then', async () => {
    const file = await create({ name: 'a.jpg', externalId: 'to update', source: 'old' });
    const answer = await update({ id: file.id, update: { source: { set: 'n' }, externalId: { setNull: true } } });
    expect(answer.statusCode).toBe(200);
    const { externalId: _, ...rest } = file as { id: number; externalId?: string };
    const lastUpdatedTime = expect.any(Number);
    expect(answer.json()).toEqual({ items: [{ ...rest, source: 'n', metadata: {}, lastUpdatedTime }] });
    const read = (await t.request({ url: `/files/${file.id}` })).json();
    expect(read).toEqual({ ...rest, source: 'n', lastUpdatedTime });
  });

  it('takes null for absent', async () => {
    const { id } = await create({ name: 'a.jpg', source: 'kept' });
    const answer = await update({
      id,
      externalId: null,
      update: { source: null, labels: { set: null, add: [{ externalId: 'x' }] } },
    });
    expect(answer.json().items[0]).toMatchObject({ source: 'kept', labels: [{ externalId: 'x' }] });
  });

  it.each([
    [{ source: {} }, 'items[0].update.source must have exactly one of set, setNull, got none.'],
    [
      { source: { set: 'a', setNull: true } },
      'items[0].update.source must have exactly one of set, setNull, got set and setNull.',
    ],
    [
      { source: { setNull: false } },
      'items[0].update.source.setNull must be true, got false (the property is deleted).',
    ],
    [{ source: { set: 5 } }, 'items[0].update.source.set must be a string, got 5 (system that the file comes from).'],
    [{ source: { set: 'a'.repeat(129) } }, 'items[0].update.source.set must have at most 128 characters, got 129.'],
    [{ labels: {} }, 'items[0].update.labels must have at least one of set, setNull, add, remove, got none.'],
    [{ labels: { set: [], add: [] } }, 'items[0].update.labels: give either set, or setNull, or add and remove.'],
    [
      { assetIds: { add: ['1'] } },
      'items[0].update.assetIds.add[0] must be a whole number, got "1" (numeric id of an asset).',
    ],
    [
      { metadata: { remove: 'key' } },
      'items[0].update.metadata.remove must be an array, got "key" (keys to take away).',
    ],
    [
      { name: { set: 'b.jpg' } },
      'items[0].update.name: the name of a file cannot be changed. Post the file again with overwrite=true.',
    ],
  ])('refuses %j', async (changes, message) => {
    expectRefusal(await update({ id: north.id, update: changes }), 400, message);
    expect((await t.request({ url: `/files/${north.id}` })).json()).toEqual(north);
  });

  it('refuses items without changes or without exactly one id, none, and too many', async () => {
    expectRefusal(await update({ id: north.id }), 400, 'items[0] must have update.');
    expectRefusal(
      await update({ update: {} }),
      400,
      'items[0] must have exactly one of id, externalId, instanceId, got none.',
    );
    expectRefusal(await update(), 400, 'items must have at least 1 item, got 0.');
    const many = Array.from({ length: 1001 }, (_, n) => ({ id: n + 1, update: {} }));
    expectRefusal(await update(...many), 400, 'items must have at most 1000 items, got 1001.');
  });

  it('names what is missing, named twice, or taken', async () => {
    const changes = { update: { externalId: { set: 's-1' } } };
    expectRefusal(await update({ id: 999991, ...changes }), 400, 'File ids not found: 999991', {
      missing: [{ id: 999991 }],
    });
    expectRefusal(await update({ id: 7, ...changes }, { id: 7, ...changes }), 409, 'Duplicate ids: 7', {
      duplicated: [{ id: 7 }],
    });
    expectRefusal(
      await update({ id: north.id, ...changes }),
      409,
      'Files would have the same externalId: s-1. Choose another, or take it from the other file first.',
      { duplicated: [{ externalId: 's-1' }] },
    );
    const other = await t.requestOther({
      method: 'POST',
      url: '/files/update',
      payload: { items: [{ id: north.id, ...changes }] },
    });
    expectRefusal(other, 400, `File ids not found: ${north.id}`, { missing: [{ id: north.id }] });
  });

  it('changes a thousand files at once', async () => {
    const files = await Promise.all(Array.from({ length: 1000 }, () => create({ name: 'many.jpg', source: 'many' })));
    const items = files.map(({ id }, n) => ({ id, update: { metadata: { add: { n: `${n}` } } } }));
    const answer = await update(...items);
    expect(answer.json().items.map(({ metadata }: { metadata: object }) => metadata)).toEqual(
      items.map((_, n) => ({ n: `${n}` })),
    );
  });
});
