import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import { FILE_PROPERTIES, firstProperties } from '../file-properties.ts';
import type { FileAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

const ROUTE = '/files/update';
/** Properties that the documented update object has and the JavaScript client knows (docs/contract.md#files-update). */
const SETTABLE = Object.entries(FILE_PROPERTIES).filter(([name]) => name !== 'directory');

const change = async ({ client }: World, reference: object, update: object) => {
  const { items } = await client.create<Items<FileAnswer>>(ROUTE, { items: [{ ...reference, update }] });
  return items[0]! as FileAnswer & Record<string, unknown>;
};
const file = (world: World) => world.createFile({ ...firstProperties(), externalId: world.name() });

export const updateFilesChecks = checksOf('POST /files/update', ({ documented, observed, inferred, ours }) => {
  for (const [property, [, second]] of SETTABLE) {
    documented(`${property}: set`, async (world) => {
      const { id } = await file(world);
      expectPart(await change(world, { id }, { [property]: { set: second } }), { id, [property]: second });
      expectPart(await world.readFile({ id }), { [property]: second });
    });
  }
  for (const property of [
    'source',
    'mimeType',
    'dataSetId',
    'sourceCreatedTime',
    'sourceModifiedTime',
    'geoLocation',
  ]) {
    documented(`${property}: setNull`, async (world) => {
      const { id } = await file(world);
      await change(world, { id }, { [property]: { setNull: true } });
      assert.ok(!(property in (await world.readFile({ id }))));
    });
  }
  documented('externalId: set and setNull', async (world) => {
    const { id } = await file(world);
    const externalId = world.name();
    expectPart(await change(world, { id }, { externalId: { set: externalId } }), { externalId });
    expectPart(await world.readFile({ externalId }), { id });
    await change(world, { id }, { externalId: { setNull: true } });
    expectRefusal(await world.client.post('/files/byids', { items: [{ externalId }] }), 400);
  });
  documented('metadata: add and remove', async (world) => {
    const { id } = await file(world);
    const update = { metadata: { add: { line: '2', colour: 'red' }, remove: ['site'] } };
    const { metadata } = await change(world, { id }, update);
    assert.deepEqual(metadata, { line: '2', colour: 'red' });
  });
  for (const [property, add, remove, left] of [
    ['assetIds', [13], [11], [12, 13]],
    ['securityCategories', [33], [31], [32, 33]],
  ] as const) {
    documented(`${property}: add and remove`, async (world) => {
      const { id } = await file(world);
      const changed = await change(world, { id }, { [property]: { add, remove } });
      assert.deepEqual((changed[property] as number[]).toSorted(), left);
    });
  }
  documented('labels: add and remove', async (world) => {
    const { id } = await file(world);
    const update = { labels: { add: [{ externalId: 'new' }], remove: [{ externalId: 'red' }] } };
    const { labels } = await change(world, { id }, update);
    assert.deepEqual((labels as { externalId: string }[]).map(({ externalId }) => externalId).toSorted(), [
      'new',
      'pump',
    ]);
  });
  documented('what is not named in update stays', async (world) => {
    const { id, uploadUrl: _, lastUpdatedTime: __, ...before } = await file(world);
    const { lastUpdatedTime: ___, ...after } = await change(world, { id }, { source: { set: 'new' } });
    assert.deepEqual(after, { ...before, id, source: 'new' });
  });
  documented('lastUpdatedTime: the time of the update', async (world) => {
    const { id, createdTime, lastUpdatedTime } = await file(world);
    await delay(5);
    const changed = await change(world, { id }, { source: { set: 'new' } });
    expectThat(changed.lastUpdatedTime > lastUpdatedTime, 'lastUpdatedTime did not move');
    assert.equal(changed.createdTime, createdTime);
  });
  documented('the file may be named by externalId', async (world) => {
    const { id, externalId } = await file(world);
    expectPart(await change(world, { externalId }, { source: { set: 'new' } }), { id, source: 'new' });
  });
  documented('the file may be named by instanceId', async (world) => {
    const instanceId = await world.createInstance();
    const update = { metadata: { set: { a: 'b' } } };
    expectPart(await change(world, { instanceId }, update), { instanceId, metadata: { a: 'b' } });
  });
  documented('items: several files, in the order given', async (world) => {
    const ids = [(await file(world)).id, (await file(world)).id].toReversed();
    const items = ids.map((id) => ({ id, update: { source: { set: `source ${id}` } } }));
    const answer = await world.client.create<Items<FileAnswer>>(ROUTE, { items });
    expectPart(
      answer.items,
      ids.map((id) => ({ id, source: `source ${id}` })),
    );
  });
  documented('items: none and 1001 are answered 400', async ({ client }) => {
    const items = Array.from({ length: 1001 }, (_, i) => ({ id: 990_000 + i, update: {} }));
    expectRefusal(await client.post(ROUTE, { items: [] }), 400, { missing: undefined });
    expectRefusal(await client.post(ROUTE, { items }), 400, { missing: undefined });
  });
  documented('name is not updatable', async (world) => {
    const { id, name } = await file(world);
    await world.client.post(ROUTE, { items: [{ id, update: { name: { set: 'new.jpg' } } }] });
    assert.equal((await world.readFile({ id })).name, name);
  });
  documented('a value past its limit is answered 400', async (world) => {
    const { id } = await file(world);
    for (const update of [
      { source: { set: 'a'.repeat(129) } },
      { metadata: { set: { ['k'.repeat(129)]: 'v' } } },
      { metadata: { add: { a: 'v'.repeat(10_240) } } },
      { labels: { add: Array.from({ length: 11 }, (_, i) => ({ externalId: `label ${i}` })) } },
      { source: { set: 1 } },
    ]) {
      expectRefusal(await world.client.post(ROUTE, { items: [{ id, update }] }), 400);
    }
  });
  observed('an unknown file is answered 400 with missing', async ({ client }) => {
    const items = [{ id: 999_991, update: { source: { set: 'a' } } }];
    expectRefusal(await client.post(ROUTE, { items }), 400, { missing: [{ id: 999_991 }] });
  });
  observed('a file given twice is answered 409 with duplicated', async (world) => {
    const { id } = await file(world);
    const item = { id, update: { source: { set: 'a' } } };
    expectRefusal(await world.client.post(ROUTE, { items: [item, item] }), 409, { duplicated: [{ id }] });
  });
  inferred('an externalId that another file has is answered 409 with duplicated', async (world) => {
    const [one, other] = [await file(world), await file(world)];
    const items = [{ id: one.id, update: { externalId: { set: other.externalId } } }];
    const answer = await world.client.post(ROUTE, { items });
    expectRefusal(answer, 409, { duplicated: [{ externalId: other.externalId }] });
  });
  ours('with an unknown file among them, none is changed', async (world) => {
    const { id } = await file(world);
    const update = { source: { set: 'new' } };
    expectRefusal(
      await world.client.post(ROUTE, {
        items: [
          { id, update },
          { id: 999_991, update },
        ],
      }),
      400,
    );
    expectPart(await world.readFile({ id }), { source: 'camera 1' });
  });
  ours('update: {} changes nothing and is accepted', async (world) => {
    const { id } = await file(world);
    expectStatus(await world.client.post(ROUTE, { items: [{ id, update: {} }] }), 200);
  });
});
