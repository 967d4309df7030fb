import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import type { AnnotationAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

const BOX = { xMin: 0.1, xMax: 0.5, yMin: 0.2, yMax: 0.4 };
const TRIANGLE = { vertices: [0.1, 0.9, 0.5].map((x, index) => ({ x, y: index / 2 })) };
const vertices = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ x: index / count, y: (index % 2) / 2 }));
const KEYS = [
  ...['id', 'createdTime', 'lastUpdatedTime', 'annotatedResourceType', 'annotatedResourceId', 'annotationType'],
  ...['creatingApp', 'creatingAppVersion', 'creatingUser', 'status', 'data'],
];

/** The file that checks annotate, unless they need one for themselves. */
const sharedFile = (world: World) => world.once('annotated file', () => world.createFile());
const item = (fileId: number, data: object, more: object = {}) => ({
  ...{ annotatedResourceType: 'file', annotatedResourceId: fileId, annotationType: 'images.ObjectDetection' },
  ...{ creatingApp: 'parity', creatingAppVersion: '1.0.0', creatingUser: null, status: 'approved', data },
  ...more,
});
const box = (fileId: number, label: string, more: object = {}) => item(fileId, { label, boundingBox: BOX }, more);
const post = ({ client }: World, url: string, body: unknown) =>
  client.post<Items<AnnotationAnswer>>(`/annotations${url}`, body);
const create = async ({ client }: World, ...items: object[]) =>
  (await client.create<Items<AnnotationAnswer>>('/annotations', { items })).items;
const list = (world: World, fileId: number, filter: object = {}, more: object = {}) =>
  post(world, '/list', {
    filter: { annotatedResourceType: 'file', annotatedResourceIds: [{ id: fileId }], ...filter },
    ...more,
  });
const refs = (annotations: { id: number }[]) => annotations.map(({ id }) => ({ id }));

export const annotationsChecks = checksOf('POST /annotations and below', ({ documented, observed, inferred, ours }) => {
  documented('is answered 201 with all eleven keys, data as it was sent', async (world) => {
    const { id } = await sharedFile(world);
    const answer = await post(world, '', { items: [box(id, 'boat')] });
    expectStatus(answer, 201);
    const [created] = answer.body.items as [AnnotationAnswer];
    assert.deepEqual(Object.keys(created).sort(), [...KEYS].sort());
    expectPart(created, box(id, 'boat'));
  });
  observed('POST /annotations/ with a slash, compressed', async ({ client, ...world }) => {
    const { id } = await sharedFile({ client, ...world });
    const headers = [
      ['Content-Type', 'application/json'],
      ['Content-Encoding', 'gzip'],
    ] as const;
    const body = gzipSync(JSON.stringify({ items: [box(id, 'boat')] }));
    expectStatus(await client.post('/annotations/', body, { headers }), 201);
  });
  documented('creatingUser: null is answered as null', async (world) => {
    const [created] = await create(world, box((await sharedFile(world)).id, 'boat'));
    assert.equal(created!.creatingUser, null);
  });
  for (const [name, annotationType, data] of [
    ['polygon', 'images.ObjectDetection', { label: 'a', polygon: TRIANGLE }],
    ['polyline', 'images.ObjectDetection', { label: 'a', polyline: { vertices: vertices(2) } }],
    [
      'attributes',
      'images.ObjectDetection',
      { label: 'a', boundingBox: BOX, attributes: { open: { type: 'boolean', value: true } } },
    ],
    ['a label', 'images.Classification', { label: 'a', confidence: 0.5 }],
    ['keypoints', 'images.KeypointCollection', { label: 'a', keypoints: { 'point 1': { point: { x: 0, y: 1 } } } }],
    ['text', 'images.TextRegion', { text: 'P-1', textRegion: BOX }],
    ['assetRef', 'images.AssetLink', { assetRef: { id: 1 }, text: 'P-1', textRegion: BOX }],
    [
      'instanceRef',
      'images.InstanceLink',
      { instanceRef: { instanceType: 'node', space: 's', externalId: 'e', sources: [] }, text: 'P-1', textRegion: BOX },
    ],
  ] as const) {
    documented(`data of ${annotationType}: ${name}`, async (world) => {
      const [created] = await create(world, item((await sharedFile(world)).id, data, { annotationType }));
      assert.deepEqual(created!.data, data);
    });
  }
  documented('1000 vertices are accepted', async (world) => {
    const { id } = await sharedFile(world);
    await create(world, item(id, { label: 'a', polygon: { vertices: vertices(1000) } }));
  });
  observed('nulls in data are accepted and left out', async (world) => {
    const { id } = await sharedFile(world);
    const [created] = await create(world, item(id, { label: 'a', boundingBox: BOX, polygon: null, confidence: null }));
    assert.deepEqual(created!.data, { label: 'a', boundingBox: BOX });
  });
  observed('data in snake_case is accepted', async (world) => {
    const { id } = await sharedFile(world);
    const data = { label: 'a', bounding_box: { x_min: 0.1, x_max: 0.5, y_min: 0.2, y_max: 0.4 } };
    const [created] = await create(world, item(id, data));
    assert.deepEqual(created!.data, { label: 'a', boundingBox: BOX });
  });
  observed('equal ones are created any number of times', async (world) => {
    const { id } = await sharedFile(world);
    const created = await create(world, ...Array(30).fill(box(id, 'same')));
    assert.equal(new Set(created.map((annotation) => annotation.id)).size, 30);
  });
  for (const [name, data] of [
    ['no label', { boundingBox: BOX }],
    ['an empty label', { label: '', boundingBox: BOX }],
    ['a label of 129', { label: 'x'.repeat(129), boundingBox: BOX }],
    ['x beyond 1', { label: 'a', boundingBox: { ...BOX, xMax: 1.1 } }],
    ['xMin not less than xMax', { label: 'a', boundingBox: { ...BOX, xMin: 0.5 } }],
    ['a polygon of 2 vertices', { label: 'a', polygon: { vertices: vertices(2) } }],
    ['a polygon of 1001 vertices', { label: 'a', polygon: { vertices: vertices(1001) } }],
    ['two geometries', { label: 'a', boundingBox: BOX, polygon: TRIANGLE }],
    ['no geometry', { label: 'a' }],
    ['an unknown key', { label: 'a', boundingBox: BOX, colour: 'red' }],
    ['confidence 2', { label: 'a', boundingBox: BOX, confidence: 2 }],
  ] as const) {
    documented(`${name}: 400, and nothing is created`, async (world) => {
      const { id } = await world.createFile();
      expectRefusal(await post(world, '', { items: [box(id, 'good'), item(id, data)] }), 400);
      assert.deepEqual((await list(world, id)).body.items, []);
    });
  }
  documented('items: none and 1001 are answered 400', async (world) => {
    const { id } = await sharedFile(world);
    for (const items of [[], Array(1001).fill(box(id, 'a'))]) expectRefusal(await post(world, '', { items }), 400);
  });
  ours('an unknown file is answered 400 with missing', async (world) => {
    expectRefusal(await post(world, '', { items: [box(999_991, 'a')] }), 400, { missing: [{ id: 999_991 }] });
  });
  ours('threedmodel and types of diagrams are answered 400', async (world) => {
    const { id } = await sharedFile(world);
    for (const more of [{ annotatedResourceType: 'threedmodel' }, { annotationType: 'diagrams.FileLink' }]) {
      expectRefusal(await post(world, '', { items: [box(id, 'a', more)] }), 400);
    }
  });
  documented('suggest: 201 with the status suggested', async (world) => {
    const { status: _, ...suggestion } = box((await sharedFile(world)).id, 'a');
    const answer = await post(world, '/suggest', { items: [suggestion] });
    expectStatus(answer, 201);
    expectPart(answer.body.items[0], { ...suggestion, status: 'suggested' });
  });
  ours('suggest: another status is answered 400', async (world) => {
    expectRefusal(await post(world, '/suggest', { items: [box((await sharedFile(world)).id, 'a')] }), 400);
  });
  documented('byids: in the order asked for; GET {id}: one, bare', async (world) => {
    const { id } = await sharedFile(world);
    const created = await create(world, box(id, 'a'), box(id, 'b'));
    const found = await post(world, '/byids', { items: refs(created).reverse() });
    assert.deepEqual(found.body.items, created.toReversed());
    assert.deepEqual((await world.client.get(`/annotations/${created[0]!.id}`)).body, created[0]);
  });
  observed('byids: unknown ids are answered 404 with missing', async (world) => {
    const missing = [{ id: 999_991 }, { id: 999_992 }];
    expectRefusal(await post(world, '/byids', { items: missing }), 404, { missing });
  });
  ours('byids: an id given twice is answered 409 with duplicated', async (world) => {
    const id = 999_991;
    expectRefusal(await post(world, '/byids', { items: [{ id }, { id }] }), 409, { duplicated: [{ id }] });
  });
  documented('list: limit, and a cursor for the next page of at most 255 characters', async (world) => {
    const { id } = await world.createFile();
    await create(world, box(id, 'a'), box(id, 'b'));
    const first = (await list(world, id, {}, { limit: 1 })).body;
    expectThat(typeof first.nextCursor === 'string' && first.nextCursor.length <= 255, JSON.stringify(first));
    const second = (await list(world, id, {}, { limit: 1, cursor: first.nextCursor })).body;
    assert.equal(new Set([...first.items, ...second.items].map((annotation) => annotation.id)).size, 2);
  });
  observed('list: nextCursor is null on the last page', async (world) => {
    const { id } = await world.createFile();
    assert.deepEqual((await list(world, id)).body, { items: [], nextCursor: null });
  });
  documented('list: 25 unless told otherwise', async (world) => {
    const { id } = await world.createFile();
    await create(world, ...Array(30).fill(box(id, 'a')));
    assert.equal((await list(world, id)).body.items.length, 25);
  });
  for (const [name, filter] of [
    ['status', { status: 'rejected' }],
    ['annotationType', { annotationType: 'images.Classification' }],
    ['creatingApp', { creatingApp: 'other' }],
    ['creatingAppVersion', { creatingAppVersion: '2' }],
    ['creatingUser', { creatingUser: 'me' }],
    ['data, in which case counts', { data: { label: 'Boat' } }],
  ] as const) {
    documented(`list: filter by ${name}`, async (world) => {
      const { id } = await world.createFile();
      const other = { label: 'Boat' };
      const more = { status: 'rejected', creatingApp: 'other', creatingAppVersion: '2', creatingUser: 'me' };
      const [, wanted] = await create(
        world,
        box(id, 'boat'),
        item(id, other, { ...more, annotationType: 'images.Classification' }),
      );
      assert.deepEqual((await list(world, id, filter)).body.items, [wanted]);
    });
  }
  documented('list: data is a part at any depth', async (world) => {
    const { id } = await world.createFile();
    const link = { assetRef: { externalId: 'pump' }, text: 'P-1', textRegion: BOX };
    const [created] = await create(world, item(id, link, { annotationType: 'images.AssetLink' }), box(id, 'a'));
    const answer = await list(world, id, { data: { assetRef: { externalId: 'pump' } } });
    assert.deepEqual(answer.body.items, [created]);
  });
  observed('list: creatingUser: null finds what services made', async (world) => {
    const { id } = await world.createFile();
    const [byService] = await create(world, box(id, 'a'), box(id, 'b', { creatingUser: 'me' }));
    assert.deepEqual((await list(world, id, { creatingUser: null })).body.items, [byService]);
    assert.equal((await list(world, id)).body.items.length, 2);
  });
  documented('list: without files, with none or 1001, or a limit of 0 or 1001: 400', async (world) => {
    const { id } = await sharedFile(world);
    for (const annotatedResourceIds of [undefined, [], Array(1001).fill({ id })]) {
      expectRefusal(await list(world, id, { annotatedResourceIds }), 400);
    }
    for (const limit of [0, 1001]) expectRefusal(await list(world, id, {}, { limit }), 400);
  });
  observed('update: lastUpdatedTime grows although nothing changes', async (world) => {
    const { id } = await sharedFile(world);
    const [before] = await create(world, box(id, 'a'));
    const { status, data, annotationType } = before!;
    const update = { status: { set: status }, data: { set: data }, annotationType: { set: annotationType } };
    const [after] = (await post(world, '/update', { items: [{ id: before!.id, update }] })).body.items;
    expectThat(after!.lastUpdatedTime > before!.lastUpdatedTime, JSON.stringify(after));
    assert.deepEqual({ ...after, lastUpdatedTime: 0 }, { ...before, lastUpdatedTime: 0 });
  });
  documented('update: data is replaced with the type; a type that it does not fit: 400', async (world) => {
    const [{ id }] = (await create(world, box((await sharedFile(world)).id, 'a'))) as [AnnotationAnswer];
    const annotationType = { set: 'images.Classification' };
    expectRefusal(await post(world, '/update', { items: [{ id, update: { annotationType } }] }), 400);
    const update = { annotationType, data: { set: { label: 'b' } } };
    const [after] = (await post(world, '/update', { items: [{ id, update }] })).body.items;
    assert.deepEqual(after!.data, { label: 'b' });
  });
  inferred('update: setNull is answered 400', async (world) => {
    const [{ id }] = (await create(world, box((await sharedFile(world)).id, 'a'))) as [AnnotationAnswer];
    expectRefusal(await post(world, '/update', { items: [{ id, update: { status: { setNull: true } } }] }), 400);
  });
  observed('delete: {}, and they are gone at once', async (world) => {
    const { id } = await sharedFile(world);
    const items = refs(await create(world, box(id, 'a'), box(id, 'b')));
    const answer = await post(world, '/delete', { items });
    expectStatus(answer, 200);
    assert.deepEqual(answer.body, {});
    expectRefusal(await post(world, '/byids', { items }), 404, { missing: items });
  });
  ours('annotations are deleted with their file', async (world) => {
    const file = await world.createFile();
    const items = refs(await create(world, box(file.id, 'a')));
    await world.client.create('/files/delete', { items: [{ id: file.id }] });
    expectRefusal(await post(world, '/byids', { items }), 404, { missing: items });
  });
  for (const version of ['V20210406', 'beta']) {
    observed(`reverselookup: each file once, with cdf-version: ${version}`, async (world) => {
      const { id } = await world.createFile();
      const label = world.name();
      await create(world, box(id, label), box(id, label));
      const headers = [
        ['Content-Type', 'application/json'],
        ['cdf-version', version],
      ] as const;
      const body = { filter: { annotatedResourceType: 'file', data: { label } }, limit: -1 };
      const answer = await world.client.post('/annotations/reverselookup', body, { headers });
      assert.deepEqual(answer.body, { annotatedResourceType: 'file', items: [{ id }], nextCursor: null });
    });
  }
});
