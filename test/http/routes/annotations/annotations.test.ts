import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

const BOX = { xMin: 0.1, xMax: 0.5, yMin: 0.2, yMax: 0.4 };
const REGION = { xMin: 0, xMax: 1, yMin: 0.25, yMax: 0.75 };

let t: TestApp;
let fileId: number;
let secondId: number;
beforeAll(async () => {
  t = await startTestApp();
  fileId = await createFile('photo-1');
  secondId = await createFile('photo-2');
});
afterAll(() => t?.close());

const post = (url: string, payload: object) => t.request({ method: 'POST', url: `/annotations${url}`, payload });
async function createFile(externalId: string): Promise<number> {
  const payload = { name: `${externalId}.jpg`, externalId };
  return (await t.request({ method: 'POST', url: '/files', payload })).json().id;
}
const item = (data: object, more: object = {}) => ({
  annotatedResourceType: 'file',
  annotatedResourceId: fileId,
  annotationType: 'images.ObjectDetection',
  creatingApp: 'test',
  creatingAppVersion: '1.0.0',
  creatingUser: null,
  status: 'approved',
  data,
  ...more,
});
const suggestion = (data: object, more: object = {}) => {
  const { status: _, ...rest } = item(data, more);
  return rest;
};
const box = (label: string, more: object = {}) => item({ label, boundingBox: BOX }, more);
async function create(...items: object[]): Promise<{ id: number; data: object; lastUpdatedTime: number }[]> {
  const answer = await post('', { items });
  expect([answer.statusCode, answer.json().error]).toEqual([201, undefined]);
  return answer.json().items;
}
const list = async (filter: object, more: object = {}) => {
  const resources = { annotatedResourceType: 'file', annotatedResourceIds: [{ id: fileId }] };
  return post('/list', { filter: { ...resources, ...filter }, ...more });
};
const labels = (answer: Answer) => answer.json().items.map(({ data }: { data: { label: string } }) => data.label);

function expectRefusal(answer: Answer, status: number, message: unknown, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
}

describe('POST /annotations', () => {
  it('creates one with every key, at the address with a slash and compressed too', async () => {
    const payload = gzipSync(JSON.stringify({ items: [box('boat')] }));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await t.request({ method: 'POST', url: '/annotations/', payload, headers });
    expect(answer.statusCode).toBe(201);
    const [created] = answer.json().items;
    expect(created).toEqual({
      ...box('boat'),
      id: expect.any(Number),
      createdTime: expect.any(Number),
      lastUpdatedTime: created.createdTime,
    });
    expect(Object.keys(created)).toHaveLength(11);
    const found = await post('/byids', { items: [{ id: created.id }] });
    expect([found.statusCode, found.json()]).toEqual([200, { items: [created] }]);
    const one = await t.request({ url: `/annotations/${created.id}` });
    expect([one.statusCode, one.json()]).toEqual([200, created]);
  });

  it.each<[string, object]>([
    ['images.ObjectDetection', { label: 'a', polygon: { vertices: vertices(3) }, confidence: 0.5 }],
    ['images.ObjectDetection', { label: 'a', polygon: { vertices: vertices(1000), confidence: 1 } }],
    ['images.ObjectDetection', { label: 'x'.repeat(128), polyline: { vertices: vertices(2) } }],
    [
      'images.ObjectDetection',
      {
        label: 'valve',
        boundingBox: { ...BOX, confidence: 0 },
        attributes: {
          open: { type: 'boolean', value: false },
          angle: { type: 'numerical', value: 1.5, description: 'of it' },
        },
      },
    ],
    [
      'images.ObjectDetection',
      {
        label: 'crossing',
        polygon: {
          vertices: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
            { x: 1, y: 0 },
            { x: 0, y: 1 },
          ],
        },
      },
    ],
    ['images.Classification', { label: 'harbour', confidence: 0.25 }],
    [
      'images.KeypointCollection',
      {
        label: 'gauge',
        keypoints: { 'point 1': { point: { x: 0, y: 1 } }, x_min: { point: { x: 1, y: 0 }, confidence: 0.5 } },
      },
    ],
    ['images.TextRegion', { text: 'P-1', textRegion: REGION }],
    [
      'images.AssetLink',
      {
        assetRef: { externalId: 'no such' },
        text: 'P-1',
        textRegion: REGION,
        objectRegion: { polyline: { vertices: vertices(2) } },
      },
    ],
    ['images.AssetLink', { assetRef: { id: 1 }, text: 'P-1', textRegion: REGION }],
    [
      'images.InstanceLink',
      {
        instanceRef: {
          instanceType: 'node',
          space: 'plant',
          externalId: 'p-1',
          sources: [{ type: 'view', space: 'plant', externalId: 'Pump', version: 'v1' }],
        },
        text: 'P-1',
        textRegion: REGION,
        confidence: 1,
      },
    ],
  ])('keeps the data of %s', async (annotationType, data) => {
    const [created] = await create(item(data, { annotationType }));
    expect(created!.data).toEqual(data);
  });

  it('answers in the order of the request', async () => {
    const created = await create(...Array.from({ length: 20 }, (_, index) => box(`no. ${index}`)));
    expect(created.map(({ data }) => data)).toEqual(
      created.map((_, index) => ({ label: `no. ${index}`, boundingBox: BOX })),
    );
  });

  it('takes nulls in the data for absent, and keys in snake_case', async () => {
    const snake = {
      asset_ref: { id: 5, external_id: null },
      text: 'P-1',
      text_region: { x_min: 0, x_max: 1, y_min: 0.25, y_max: 0.75, confidence: null },
      object_region: { bounding_box: BOX },
      confidence: null,
    };
    const [created] = await create(item(snake, { annotationType: 'images.AssetLink' }));
    expect(created!.data).toEqual({
      assetRef: { id: 5 },
      text: 'P-1',
      textRegion: REGION,
      objectRegion: { boundingBox: BOX },
    });
    const names = {
      keypoints: { tip_of_needle: { point: { x: 0, y: 0 } } },
      attributes: { is_open: { type: 'boolean', value: true } },
    };
    const [gauge] = await create(item({ label: 'gauge', ...names }, { annotationType: 'images.KeypointCollection' }));
    expect(gauge!.data).toEqual({ label: 'gauge', ...names });
  });

  it.each<[string, object, string]>([
    ['no label', { boundingBox: BOX }, ' must have label'],
    ['an empty label', { label: '', boundingBox: BOX }, '.label must have at least 1 character, got 0'],
    ['a long label', { label: 'x'.repeat(129), boundingBox: BOX }, '.label must have at most 128 characters, got 129'],
    ['x beyond 1', { label: 'a', boundingBox: { ...BOX, xMax: 1.1 } }, '.boundingBox.xMax must be at most 1, got 1.1'],
    [
      'y below 0',
      { label: 'a', polygon: { vertices: [...vertices(2), { x: 0, y: -0.5 }] } },
      '.polygon.vertices[2].y must be at least 0, got -0.5',
    ],
    [
      'xMin not less than xMax',
      { label: 'a', boundingBox: { ...BOX, xMin: 0.5 } },
      '.boundingBox must have xMin < xMax, got 0.5 and 0.5',
    ],
    [
      'yMin not less than yMax',
      { label: 'a', boundingBox: { ...BOX, yMin: 0.5 } },
      '.boundingBox must have yMin < yMax, got 0.5 and 0.4',
    ],
    [
      'a polygon of 2',
      { label: 'a', polygon: { vertices: vertices(2) } },
      '.polygon.vertices must have at least 3 items, got 2',
    ],
    [
      'a polygon of 1001',
      { label: 'a', polygon: { vertices: vertices(1001) } },
      '.polygon.vertices must have at most 1000 items, got 1001',
    ],
    [
      'a line of 1',
      { label: 'a', polyline: { vertices: vertices(1) } },
      '.polyline.vertices must have at least 2 items, got 1',
    ],
    [
      'two geometries',
      { label: 'a', boundingBox: BOX, polyline: { vertices: vertices(2) } },
      ' must have exactly one of boundingBox, polygon, polyline, got boundingBox and polyline',
    ],
    [
      'no geometry',
      { label: 'a', polygon: null },
      ' must have exactly one of boundingBox, polygon, polyline, got none',
    ],
    [
      'an unknown key',
      { label: 'a', boundingBox: BOX, colour: 'red' },
      ' has no key "colour"; it may have label, boundingBox, polygon, polyline, confidence, attributes',
    ],
    ['confidence 2', { label: 'a', boundingBox: BOX, confidence: 2 }, '.confidence must be at most 1, got 2'],
    [
      'a key in two spellings',
      { label: 'a', boundingBox: BOX, bounding_box: BOX },
      ' has boundingBox twice, in two spellings',
    ],
    [
      'an attribute of another type',
      { label: 'a', boundingBox: BOX, attributes: { open: { type: 'boolean', value: 1 } } },
      '.attributes.open is boolean, so its value must be true or false, got 1',
    ],
    [
      'an attribute with a unit',
      { label: 'a', boundingBox: BOX, attributes: { open: { type: 'unit', value: 1 } } },
      '.attributes.open.type must be "boolean" or "numerical", got "unit"',
    ],
    ['text as a number', { label: 5, boundingBox: BOX }, '.label must be a string, got 5'],
    [
      'a polygon as an array',
      { label: 'a', polygon: vertices(3) },
      '.polygon must be an object, got an array of 3 items',
    ],
    [
      'a vertex as an array',
      {
        label: 'a',
        polygon: {
          vertices: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      },
      '.polygon.vertices[0] must be an object, got an array of 2 items',
    ],
  ])('refuses %s, and writes nothing', async (_, data, message) => {
    const before = (await list({}, { limit: 1000 })).json().items.length;
    const answer = await post('', { items: [box('good'), item(data)] });
    expectRefusal(answer, 400, expect.stringContaining(`items[1].data${message}`));
    expect((await list({}, { limit: 1000 })).json().items).toHaveLength(before);
  });

  it.each<[string, object, string]>([
    ['a file that there is not', { annotatedResourceId: 3 }, 'File ids not found: 3'],
    [
      '3D models',
      { annotatedResourceType: 'threedmodel' },
      'This server keeps no 3D models, so that a threedmodel cannot be annotated. Set annotatedResourceType to file.',
    ],
    [
      'diagrams',
      { annotationType: 'diagrams.FileLink' },
      expect.stringContaining('none of the type diagrams.FileLink. Use images.ObjectDetection, images.') as never,
    ],
    [
      'an unknown type',
      { annotationType: 'images.Unknown' },
      expect.stringContaining('items[0].annotationType must be "images.ObjectDetection" or') as never,
    ],
    ['no creatingUser', { creatingUser: undefined }, 'items[0] must have creatingUser.'],
    ['no status', { status: undefined }, 'items[0] must have status.'],
    [
      'another status',
      { status: 'new' },
      expect.stringContaining('items[0].status must be "suggested" or "approved" or "rejected", got "new"') as never,
    ],
    ['an empty creatingApp', { creatingApp: '' }, 'items[0].creatingApp must have at least 1 character, got 0.'],
  ])('refuses %s', async (_, more, message) => {
    const answer = await post('', { items: [box('a', more)] });
    expect(answer.json().error).toMatchObject({ code: 400, message });
  });

  it('refuses none and 1001', async () => {
    expectRefusal(await post('', { items: [] }), 400, 'items must have at least 1 item, got 0.');
    const many = Array(1001).fill(box('a'));
    expectRefusal(await post('', { items: many }), 400, 'items must have at most 1000 items, got 1001.');
  });
});

describe('POST /annotations/suggest', () => {
  it('creates suggestions, with the status left out or given', async () => {
    const answer = await post('/suggest', {
      items: [suggestion({ label: 'a', boundingBox: BOX }), box('b', { status: 'suggested', creatingUser: '' })],
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.json().items).toMatchObject([{ status: 'suggested' }, { status: 'suggested', creatingUser: '' }]);
  });

  it('refuses another status', async () => {
    const answer = await post('/suggest', { items: [box('b')] });
    expectRefusal(answer, 400, expect.stringContaining('items[0].status is approved, but what is suggested'));
  });
});

describe('POST /annotations/list', () => {
  beforeAll(async () => {
    const link = { annotationType: 'images.AssetLink', status: 'suggested', creatingUser: 'me' };
    const assetLink = { assetRef: { externalId: 'pump' }, text: 'P-1', textRegion: REGION };
    await create(
      ...[0, 1, 2].map((number) =>
        box(`test_${number}`, { annotatedResourceId: secondId, creatingApp: `app ${number}` }),
      ),
      item(assetLink, { ...link, annotatedResourceId: secondId }),
    );
  });
  const listSecond = (filter: object = {}, more: object = {}) =>
    list({ annotatedResourceIds: [{ externalId: 'photo-2' }], ...filter }, more);

  it('turns pages; the last one has nextCursor null', async () => {
    const seen: object[] = [];
    let cursor: string | null | undefined;
    do {
      const page = (await listSecond({}, { limit: 3, cursor })).json();
      seen.push(...page.items);
      cursor = page.nextCursor;
      if (cursor !== null) expect(cursor!.length).toBeLessThanOrEqual(255);
    } while (cursor !== null);
    expect(seen).toHaveLength(4);
    expect((await listSecond()).json()).toEqual({ items: seen, nextCursor: null });
  });

  it('refuses a cursor of another filter', async () => {
    const { nextCursor: cursor } = (await listSecond({}, { limit: 1 })).json();
    expectRefusal(
      await listSecond({ status: 'approved' }, { limit: 1, cursor }),
      400,
      expect.stringContaining('cursor'),
    );
  });

  it.each<[object, string[]]>([
    [{ data: { label: 'test_1' } }, ['test_1']],
    [{ data: { label: 'TEST_1' } }, []],
    [{ data: {}, status: 'approved' }, ['test_0', 'test_1', 'test_2']],
    [{ data: { label: 'test_1', confidence: null } }, ['test_1']],
    [{ data: { bounding_box: { x_min: 0.1 } } }, ['test_0', 'test_1', 'test_2']],
    [{ creatingUser: null }, ['test_0', 'test_1', 'test_2']],
    [{ creatingApp: 'app 2' }, ['test_2']],
    [{ creatingApp: null, status: 'approved', creatingAppVersion: null }, ['test_0', 'test_1', 'test_2']],
    [{ annotationType: 'images.Classification' }, []],
    [{ annotationType: 'diagrams.FileLink' }, []],
  ])('finds by %j', async (filter, expected) => {
    const answer = await listSecond(filter);
    expect([answer.statusCode, labels(answer).sort()]).toEqual([200, expected]);
  });

  it('finds links by what they lead to, and those that a person made', async () => {
    for (const filter of [{ data: { assetRef: { externalId: 'pump' } } }, { creatingUser: 'me' }]) {
      expect((await listSecond(filter)).json().items).toMatchObject([{ annotationType: 'images.AssetLink' }]);
    }
  });

  it('names files by both ids, also twice', async () => {
    const annotatedResourceIds = [{ id: secondId }, { externalId: 'photo-2' }, { id: secondId }];
    expect((await list({ annotatedResourceIds })).json().items).toHaveLength(4);
  });

  it('lists 25 unless told otherwise', async () => {
    const third = await createFile('photo-3');
    const created = await create(...Array(30).fill(box('same', { annotatedResourceId: third })));
    expect(new Set(created.map(({ id }) => id)).size).toBe(30);
    const counts = [1000, undefined, 5].map(async (limit) => {
      const answer = await list({ annotatedResourceIds: [{ id: third }] }, { limit });
      return answer.json().items.length;
    });
    expect(await Promise.all(counts)).toEqual([30, 25, 5]);
  });

  it.each<[object, object, string]>([
    [{ annotatedResourceIds: undefined }, {}, 'filter must have annotatedResourceIds.'],
    [{ annotatedResourceIds: [] }, {}, 'filter.annotatedResourceIds must have at least 1 item, got 0.'],
    [
      { annotatedResourceIds: Array(1001).fill({ id: 1 }) },
      {},
      'filter.annotatedResourceIds must have at most 1000 items, got 1001.',
    ],
    [
      { annotatedResourceIds: [{ id: 1, externalId: 'a' }] },
      {},
      'filter.annotatedResourceIds[0] must have exactly one of id, externalId, got id and externalId.',
    ],
    [{ annotatedResourceType: undefined }, {}, 'filter must have annotatedResourceType.'],
    [
      { annotatedResourceType: 'threedmodel' },
      {},
      'This server keeps no 3D models, so that a threedmodel cannot be annotated. Set annotatedResourceType to file.',
    ],
    [{}, { limit: 0 }, 'limit must be at least 1, got 0 (most items of the answer).'],
    [{}, { limit: 1001 }, 'limit must be at most 1000, got 1001 (most items of the answer).'],
  ])('refuses %j %j', async (filter, more, message) => {
    expectRefusal(await list(filter, more), 400, message);
  });

  it('refuses a file that there is not', async () => {
    const answer = await list({ annotatedResourceIds: [{ id: fileId }, { externalId: 'nowhere' }] });
    expectRefusal(answer, 400, 'Files ids not found: nowhere', { missing: [{ externalId: 'nowhere' }] });
  });
});

describe('POST /annotations/update', () => {
  const update = (id: number, changes: object) =>
    post('/update', {
      items: [{ id, update: Object.fromEntries(Object.entries(changes).map(([key, set]) => [key, { set }])) }],
    });

  it('moves the time on although nothing changes', async () => {
    const [before] = await create(box('a'));
    const { annotationType, data, status } = box('a');
    const answer = await update(before!.id, { annotationType, data, status });
    expect(answer.statusCode).toBe(200);
    const [after] = answer.json().items;
    expect(after).toEqual({ ...before, lastUpdatedTime: expect.any(Number) });
    expect(after.lastUpdatedTime).toBeGreaterThan(before!.lastUpdatedTime);
  });

  it('replaces the data with the type', async () => {
    const [before] = await create(box('a'));
    const [after] = (await update(before!.id, { annotationType: 'images.Classification', data: { label: 'b' } })).json()
      .items;
    expect(after).toMatchObject({ annotationType: 'images.Classification', data: { label: 'b' } });
    expect(after.data).toEqual({ label: 'b' });
    const refused = await update(before!.id, { annotationType: 'images.TextRegion' });
    expectRefusal(
      refused,
      400,
      `data of the annotation ${before!.id} has no key "label"; it may have text, textRegion, confidence.`,
    );
  });

  it.each<[string, object, string]>([
    ['setNull', { status: { setNull: true } }, 'items[0].update.status must have set.'],
    [
      'data that does not fit',
      { data: { set: { label: 'a' } } },
      'items[0].update.data.set must have exactly one of boundingBox, polygon, polyline, got none.',
    ],
    [
      'a type of diagrams',
      { annotationType: { set: 'diagrams.Line' } },
      expect.stringContaining('none of the type diagrams.Line') as never,
    ],
  ])('refuses %s', async (_, changes, message) => {
    const [before] = await create(box('a'));
    const answer = await post('/update', { items: [{ id: before!.id, update: changes }] });
    expectRefusal(answer, 400, message);
    expect((await t.request({ url: `/annotations/${before!.id}` })).json()).toEqual(before);
  });

  it('changes all or none', async () => {
    const [before] = await create(box('a'));
    const { id } = before!;
    const reject = { status: { set: 'rejected' } };
    const unknown = await post('/update', {
      items: [
        { id, update: reject },
        { id: 4, update: reject },
      ],
    });
    expectRefusal(unknown, 404, 'Annotation ids not found: 4', { missing: [{ id: 4 }] });
    const twice = await post('/update', {
      items: [
        { id, update: reject },
        { id, update: {} },
      ],
    });
    expectRefusal(twice, 409, `Duplicate annotation ids: ${id}`, { duplicated: [{ id }] });
    expect((await t.request({ url: `/annotations/${id}` })).json()).toEqual(before);
  });
});

describe('POST /annotations/delete', () => {
  it('deletes them for every operation, all or none', async () => {
    const items = (await create(box('a'), box('b'))).map(({ id }) => ({ id }));
    expectRefusal(await post('/delete', { items: [...items, { id: 4 }] }), 404, 'Annotation ids not found: 4', {
      missing: [{ id: 4 }],
    });
    const answer = await post('/delete', { items });
    expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    const message = `Annotation ids not found: ${items.map(({ id }) => id).join(', ')}`;
    for (const url of ['/byids', '/delete'])
      expectRefusal(await post(url, { items }), 404, message, { missing: items });
    const update = { items: [{ id: items[0]!.id, update: {} }] };
    expectRefusal(await post('/update', update), 404, expect.any(String), { missing: [items[0]] });
    expectRefusal(await t.request({ url: `/annotations/${items[0]!.id}` }), 404, expect.any(String), {
      missing: [items[0]],
    });
  });

  it('refuses the id 0', async () => {
    expectRefusal(
      await post('/delete', { items: [{ id: 0 }] }),
      400,
      'items[0].id must be at least 1, got 0 (numeric id of an annotation).',
    );
  });
});

it('annotations are deleted with their file', async () => {
  const gone = await createFile('photo-gone');
  const [{ id }] = (await create(box('a', { annotatedResourceId: gone }))) as unknown as [{ id: number }];
  await t.request({ method: 'POST', url: '/files/delete', payload: { items: [{ id: gone }] } });
  expectRefusal(await post('/byids', { items: [{ id }] }), 404, `Annotation ids not found: ${id}`, {
    missing: [{ id }],
  });
});

it('another project has others', async () => {
  const [{ id }] = (await create(box('a'))) as unknown as [{ id: number }];
  const other = (url: string, payload: object) =>
    t.requestOther({ method: 'POST', url: `/annotations${url}`, payload });
  expect((await other('/byids', { items: [{ id }] })).statusCode).toBe(404);
  expect((await other('', { items: [box('a')] })).statusCode).toBe(400);
  expect((await other('/delete', { items: [{ id }] })).statusCode).toBe(404);
});

/** As many places in the photo, spread over a circle. */
function vertices(count: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count;
    return { x: 0.5 + Math.cos(angle) / 2, y: 0.5 + Math.sin(angle) / 2 };
  });
}
