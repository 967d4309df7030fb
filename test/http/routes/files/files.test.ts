import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.close());

const post = (url: string, payload: unknown) =>
  t.request({ method: 'POST', url: `/files${url}`, payload: payload as object });
const create = async (payload: object) => (await post('', payload)).json();

function expectRefusal(answer: Answer, status: number, message: unknown, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
}

describe('POST /files', () => {
  it('answers 201 with the file and where to upload its content', async () => {
    const given = {
      name: 'pump.jpg',
      externalId: 'pump',
      mimeType: 'image/jpeg',
      directory: '/photos',
      source: 'camera',
      metadata: { site: 'north' },
      labels: [{ externalId: 'pumps' }],
      dataSetId: 12,
      assetIds: [3, 4],
      sourceCreatedTime: 5,
      geoLocation: { type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] } },
    };
    const answer = await post('', { ...given, colour: 'red' });
    expect(answer.statusCode).toBe(201);
    const { id, createdTime, uploadUrl, ...rest } = answer.json();
    expect(rest).toEqual({ ...given, uploaded: false, lastUpdatedTime: createdTime });
    expect(id).toSatisfy(Number.isSafeInteger);
    expect(uploadUrl).toMatch(/^http:\/\/127\.0\.0\.1:8321\/api\/v1\/files\/storage\/content\?sig=[\w.-]+$/);
  });

  it('takes null for absent, also deep inside', async () => {
    const file = await create({
      name: 'a.jpg',
      externalId: null,
      mimeType: null,
      metadata: { a: '1', b: null },
      labels: null,
    });
    expect(Object.keys(file).sort()).toEqual([
      'createdTime',
      'id',
      'lastUpdatedTime',
      'metadata',
      'name',
      'uploadUrl',
      'uploaded',
    ]);
    expect(file.metadata).toEqual({ a: '1' });
  });

  it('refuses a second file with the same externalId', async () => {
    await create({ name: 'a.jpg', externalId: 'twice' });
    const message = 'A file with externalId twice exists already. Post with overwrite=true to replace it.';
    const more = { duplicated: [{ externalId: 'twice' }] };
    expectRefusal(await post('', { name: 'b.jpg', externalId: 'twice' }), 409, message, more);
    expectRefusal(await post('/?overwrite=false', { name: 'b.jpg', externalId: 'twice' }), 409, message, more);
  });

  it.each(['?overwrite=true', '/?overwrite=true'])('replaces it with %s', async (query) => {
    const externalId = `replaced by ${query}`;
    const { id } = await create({ name: 'a.jpg', externalId });
    const answer = await post(query, { name: 'b.jpg', externalId });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ id, name: 'b.jpg' });
  });

  it.each([
    [{}, 'The body must have name.'],
    [{ name: null }, 'The body must have name.'],
    [{ name: '' }, 'name must have at least 1 character, got 0.'],
    [{ name: 'a'.repeat(257) }, 'name must have at most 256 characters, got 257.'],
    [{ name: 'a', metadata: { a: 1 } }, 'metadata.a must be a string, got 1.'],
    [{ name: 'a', labels: ['b'] }, 'labels[0] must be an object, got "b".'],
    [
      { name: 'a', dataSetId: 1.5 },
      'dataSetId must be a whole number, got 1.5 (data set of the file: rights may be limited to it).',
    ],
    [{ name: 'a\u0000' }, expect.stringContaining('U+0000')],
  ])('refuses %j', async (body, message) => {
    expectRefusal(await post('', body), 400, message);
  });

  it('refuses an overwrite that is neither true nor false', async () => {
    const answer = await post('?overwrite=maybe', { name: 'a.jpg' });
    expectRefusal(answer, 400, expect.stringMatching(/^overwrite must be true or false, got "maybe"/));
  });
});

describe('reading files', () => {
  it('by ids gives them in the order asked for, by any kind of id', async () => {
    const { uploadUrl: _, ...a } = await create({ name: 'a.jpg', externalId: 'by ids' });
    const { uploadUrl: __, ...b } = await create({ name: 'b.jpg' });
    const answer = await post('/byids', { items: [{ id: b.id }, { externalId: 'by ids' }] });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ items: [b, a] });
    expect((await t.request({ url: `/files/${b.id}` })).json()).toEqual(b);
  });

  it('names the unknown ones in missing, or leaves them out', async () => {
    const { id } = await create({ name: 'a.jpg' });
    const items = [{ id }, { id: 999991 }, { id: 999992 }];
    const missing = [{ id: 999991 }, { id: 999992 }];
    expectRefusal(await post('/byids', { items }), 400, 'File ids not found: 999991, 999992', { missing });
    const known = (await post('/byids', { items, ignoreUnknownIds: true })).json();
    expect(known.items.map((file: { id: number }) => file.id)).toEqual([id]);
    expectRefusal(await t.request({ url: '/files/999991' }), 400, 'File ids not found: 999991', {
      missing: [{ id: 999991 }],
    });
  });

  it('refuses the same id twice', async () => {
    const answer = await post('/byids', { items: [{ id: 7 }, { id: 7 }] });
    expectRefusal(answer, 409, 'Duplicate ids: 7', { duplicated: [{ id: 7 }] });
  });

  it.each([
    [{ items: [] }, 'items must have at least 1 item, got 0.'],
    [
      { items: Array.from({ length: 1001 }, (_, id) => ({ id: id + 1 })) },
      'items must have at most 1000 items, got 1001.',
    ],
    [
      { items: [{ id: 1, externalId: 'a' }] },
      'items[0] must have exactly one of id, externalId, instanceId, got id and externalId.',
    ],
    [{ items: [{}] }, 'items[0] must have exactly one of id, externalId, instanceId, got none.'],
    [{ items: [{ id: '1' }] }, 'items[0].id must be a whole number, got "1" (numeric id of a file).'],
    [{}, 'The body must have items.'],
  ])('refuses a list of ids like %#', async (body, message) => {
    for (const operation of ['/byids', '/delete']) expectRefusal(await post(operation, body), 400, message);
  });

  it.each([
    ['abc', 'id must be a whole number, got "abc" (numeric id of a file).'],
    ['0', 'id must be at least 1, got 0 (numeric id of a file).'],
    ['9007199254740992', 'id must be at most 9007199254740991, got 9007199254740992 (numeric id of a file).'],
  ])('refuses the path id %s', async (id, message) => {
    expectRefusal(await t.request({ url: `/files/${id}` }), 400, message);
  });
});

describe('POST /files/list', () => {
  it('turns pages by cursor, by ascending id, within the filter', async () => {
    for (let n = 0; n < 5; n++) await create({ name: `page ${n}.jpg`, source: 'pages' });
    const filter = { source: 'pages' };
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = (await post('/list', { filter, limit: 2, cursor })).json();
      expect(page.items.length).toBe(cursor === undefined || page.nextCursor ? 2 : 1);
      seen.push(...page.items.map((file: { id: number }) => file.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('takes an empty body object and refuses bad limits, cursors and filters', async () => {
    expect((await post('/list', {})).statusCode).toBe(200);
    expectRefusal(
      await post('/list', { limit: 0 }),
      400,
      'limit must be at least 1, got 0 (most items of the answer).',
    );
    expectRefusal(
      await post('/list', { limit: 1001 }),
      400,
      'limit must be at most 1000, got 1001 (most items of the answer).',
    );
    expectRefusal(
      await post('/list', { cursor: 'x' }),
      400,
      expect.stringMatching(/^The cursor is not one of this list/),
    );
    expectRefusal(
      await post('/list', { filter: { uploaded: 1 } }),
      400,
      'filter.uploaded must be true or false, got 1 (whether the file has content).',
    );
  });
});

it('POST /files/delete removes files, all or none', async () => {
  const { id } = await create({ name: 'a.jpg' });
  expectRefusal(await post('/delete', { items: [{ id }, { id: 999991 }] }), 400, 'File ids not found: 999991', {
    missing: [{ id: 999991 }],
  });
  const answer = await post('/delete', { items: [{ id }] });
  expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
  expectRefusal(await t.request({ url: `/files/${id}` }), 400, `File ids not found: ${id}`, { missing: [{ id }] });
});

it('another project sees none of them, and cannot use their ids or cursors', async () => {
  const { id } = await create({ name: 'a.jpg', externalId: 'mine', source: 'mine' });
  await create({ name: 'b.jpg', source: 'mine' });
  const other = (url: string, payload: object) => t.requestOther({ method: 'POST', url: `/files${url}`, payload });
  const missing = [{ id }];
  for (const operation of ['/byids', '/delete', '/downloadlink']) {
    expectRefusal(await other(operation, { items: [{ id }] }), 400, `File ids not found: ${id}`, { missing });
  }
  expectRefusal(await t.requestOther({ url: `/files/${id}` }), 400, `File ids not found: ${id}`, { missing });
  expectRefusal(await other('/byids', { items: [{ externalId: 'mine' }] }), 400, 'Files ids not found: mine', {
    missing: [{ externalId: 'mine' }],
  });
  expect((await other('/list', { filter: { source: 'mine' } })).json()).toEqual({ items: [] });
  const { nextCursor } = (await post('/list', { limit: 1, filter: { source: 'mine' } })).json();
  const turned = await other('/list', { limit: 1, filter: { source: 'mine' }, cursor: nextCursor });
  expectRefusal(turned, 400, expect.stringMatching(/^The cursor is not one of this list/));
  expect((await other('', { name: 'theirs.jpg', externalId: 'mine' })).statusCode).toBe(201);
});
