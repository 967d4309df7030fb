import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import { firstProperties, secondProperties } from '../file-properties.ts';
import type { FileAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

type Page = Items<FileAnswer>;

const list = ({ client }: World, body: object) => client.create<Page>('/files/list', body);
const idsOf = ({ items }: Page) => items.map(({ id }) => id);
const ascending = (ids: number[]) => ids.toSorted((a, b) => a - b);

/** Seven files of one source, and the source. */
const seven = (world: World) =>
  world.once('seven files', async () => {
    const source = world.name();
    const files = await Promise.all(Array.from({ length: 7 }, () => world.createFile({ source })));
    return { filter: { source }, ids: ascending(files.map(({ id }) => id)) };
  });

/** Every page of a list. `between` is called after each but the last; what it gives changes the next request. */
async function pages(world: World, body: object, between: (page: Page) => Promise<object> = async () => ({})) {
  const all: Page[] = [];
  let more: object = {};
  for (;;) {
    const page = await list(world, { ...body, ...more });
    all.push(page);
    if (page.nextCursor === undefined) return all;
    more = { cursor: page.nextCursor, ...(await between(page)) };
  }
}

/** Two files that differ in every property, in their own folder; the later one has content. */
const two = (world: World) =>
  world.once('two files', async () => {
    const folder = `/${world.name()}`;
    const prefix = world.name();
    const file = async (properties: object, subfolder: string) => {
      await delay(5);
      const more = { name: `${subfolder}.jpg`, directory: `${folder}/${subfolder}`, externalId: prefix + subfolder };
      return world.createFile({ ...properties, ...more });
    };
    const other = await file(firstProperties(), 'other');
    await delay(5);
    const wanted = await file(secondProperties(), 'wanted');
    await world.client.send('PUT', wanted.uploadUrl, Buffer.from('content'), { headers: [] });
    return { folder, prefix, wanted, other };
  });

/** Filters that only the wanted of the two files meets. */
const FILTERS: [rule: string, filter: (files: { wanted: FileAnswer; folder: string; prefix: string }) => object][] = [
  ['name', () => ({ name: 'wanted.jpg' })],
  ['directoryPrefix', ({ folder }) => ({ directoryPrefix: `${folder}/w` })],
  ['mimeType', () => ({ mimeType: 'image/png' })],
  ['source', () => ({ source: 'camera 2' })],
  ['metadata', () => ({ metadata: { site: 'south' } })],
  ['assetIds: any of them', () => ({ assetIds: [13, 99] })],
  [
    'assetSubtreeIds: the assets themselves, since their hierarchy is not here',
    () => ({ assetSubtreeIds: [{ id: 13 }, { id: 99 }] }),
  ],
  ['rootAssetIds: likewise', () => ({ rootAssetIds: [{ id: 13 }] })],
  ['dataSetIds', () => ({ dataSetIds: [{ id: 22 }, { id: 99 }] })],
  ['labels.containsAny', () => ({ labels: { containsAny: [{ externalId: 'valve' }, { externalId: 'of no file' }] } })],
  ['labels.containsAll', () => ({ labels: { containsAll: [{ externalId: 'red' }, { externalId: 'valve' }] } })],
  ['createdTime', ({ wanted }) => ({ createdTime: { min: wanted.createdTime } })],
  ['lastUpdatedTime', ({ wanted }) => ({ lastUpdatedTime: { min: wanted.createdTime, max: Date.now() + 1e9 } })],
  ['uploadedTime', () => ({ uploadedTime: { min: 1 } })],
  ['sourceCreatedTime', () => ({ sourceCreatedTime: { min: 1_700_000_000_001, max: 1_700_000_000_001 } })],
  ['sourceModifiedTime', () => ({ sourceModifiedTime: { min: 1_700_000_100_001 } })],
  ['externalIdPrefix', ({ prefix }) => ({ externalIdPrefix: `${prefix}w` })],
  ['uploaded', () => ({ uploaded: true })],
];

export const listFilesChecks = checksOf('POST /files/list', ({ documented, observed, inferred, ours }) => {
  observed('items: by ascending id', async (world) => {
    const { filter, ids } = await seven(world);
    assert.deepEqual(idsOf(await list(world, { filter })), ids);
  });
  documented('nextCursor: absent on the last page', async (world) => {
    const { filter } = await seven(world);
    assert.ok(!('nextCursor' in (await list(world, { filter }))));
  });
  documented('nextCursor: the pages give every file once', async (world) => {
    const { filter, ids } = await seven(world);
    for (const limit of [1, 3, 7]) {
      const all = await pages(world, { filter, limit });
      assert.deepEqual(all.flatMap(idsOf), ids);
      assert.equal(all.length, Math.ceil(7 / limit));
    }
  });
  observed('a later page may ask for another limit', async (world) => {
    const { filter, ids } = await seven(world);
    const all = await pages(world, { filter, limit: 3 }, async () => ({ limit: 2 }));
    assert.deepEqual(all.flatMap(idsOf), ids);
  });
  documented('limit: 100 unless it is given', async (world) => {
    const source = world.name();
    await Promise.all(Array.from({ length: 101 }, () => world.createFile({ source })));
    assert.equal((await list(world, { filter: { source } })).items.length, 100);
    assert.equal((await list(world, { filter: { source }, limit: 1000 })).items.length, 101);
  });
  documented('limit: 0, 1001 and no whole number are answered 400', async ({ client }) => {
    for (const limit of [0, 1001, 1.5, '10']) expectRefusal(await client.post('/files/list', { limit }), 400);
  });
  documented('everything may be left out', async ({ client }) =>
    expectStatus(await client.post('/files/list', {}), 200),
  );
  inferred('a cursor that is none is answered 400', async ({ client }) => {
    for (const cursor of ['CUR1', '', 'bnVsbA']) expectRefusal(await client.post('/files/list', { cursor }), 400);
  });
  ours('a cursor with another filter is answered 400', async (world) => {
    const { filter } = await seven(world);
    const { nextCursor: cursor } = await list(world, { filter, limit: 2 });
    expectRefusal(await world.client.post('/files/list', { cursor, limit: 2 }), 400);
  });
  ours('files that are created or deleted while pages are turned neither hide nor repeat others', async (world) => {
    const source = world.name();
    const create = () => world.createFile({ source });
    const ids = (await Promise.all(Array.from({ length: 8 }, create))).map(({ id }) => id);
    const all = await pages(world, { filter: { source }, limit: 2 }, async (page) => {
      await create();
      return world.client.create('/files/delete', { items: [{ id: page.items[0]!.id }] });
    });
    const seen = all.flatMap(idsOf);
    assert.equal(new Set(seen).size, seen.length);
    for (const id of ids) expectThat(seen.includes(id), `file ${id} was on no page`);
  });
  documented('partition m/n: the n partitions give every file once', async (world) => {
    const { filter, ids } = await seven(world);
    for (const n of [1, 3, 10]) {
      const partitions = Array.from({ length: n }, (_, i) =>
        pages(world, { filter, partition: `${i + 1}/${n}`, limit: 2 }),
      );
      const seen = (await Promise.all(partitions)).flat().flatMap(idsOf);
      assert.deepEqual(ascending(seen), ids);
    }
  });
  documented('partition: n above 10, m above n and nonsense are answered 400', async ({ client }) => {
    for (const partition of ['1/11', '3/2', '0/2', '1', 'a/b']) {
      expectRefusal(await client.post('/files/list', { partition }), 400);
    }
  });
  for (const [rule, filter] of FILTERS) {
    documented(`filter.${rule}`, async (world) => {
      const files = await two(world);
      const page = await list(world, { filter: { directoryPrefix: files.folder, ...filter(files) } });
      assert.deepEqual(idsOf(page), [files.wanted.id]);
    });
  }
  documented('filter: several conditions have all to be met', async (world) => {
    const { folder } = await two(world);
    const filter = { directoryPrefix: folder, mimeType: 'image/png', uploaded: false };
    assert.deepEqual((await list(world, { filter })).items, []);
  });
  documented('filter: a condition of the wrong type is answered 400', async ({ client }) => {
    for (const filter of [
      { uploaded: 'yes' },
      { assetIds: 1 },
      { createdTime: { min: -1 } },
      { name: 'a'.repeat(257) },
    ]) {
      expectRefusal(await client.post('/files/list', { filter }), 400);
    }
  });
  ours(
    'filter: assets and data sets that are named by externalId are unknown here: 400 with missing',
    async (world) => {
      const externalId = world.name();
      const filters = [
        { assetExternalIds: [externalId] },
        { assetSubtreeIds: [{ externalId }] },
        { rootAssetIds: [{ externalId }] },
        { dataSetIds: [{ externalId }] },
      ];
      for (const filter of filters) {
        expectRefusal(await world.client.post('/files/list', { filter }), 400, { missing: [{ externalId }] });
      }
    },
  );
});

export const listFilesByQueryChecks = checksOf('GET /files', ({ documented }) => {
  const get = async ({ client }: World, query: Record<string, string>) => {
    const answer = await client.get<Page>(`/files?${new URLSearchParams(query)}`);
    expectStatus(answer, 200);
    return answer.body;
  };
  for (const [name, value] of [
    ['name', 'wanted.jpg'],
    ['mimeType', 'image/png'],
    ['uploaded', 'true'],
  ] as const) {
    documented(name, async (world) => {
      const { prefix, wanted } = await two(world);
      assert.deepEqual(idsOf(await get(world, { externalIdPrefix: prefix, [name]: value })), [wanted.id]);
    });
  }
  documented('externalIdPrefix', async (world) => {
    const { prefix, wanted, other } = await two(world);
    assert.deepEqual(idsOf(await get(world, { externalIdPrefix: prefix })), ascending([wanted.id, other.id]));
  });
  documented('source, limit and cursor', async (world) => {
    const { filter, ids } = await seven(world);
    const first = await get(world, { ...filter, limit: '4' });
    const second = await get(world, { ...filter, limit: '4', cursor: first.nextCursor! });
    assert.deepEqual([...idsOf(first), ...idsOf(second)], ids);
    assert.ok(!('nextCursor' in second));
  });
  documented('partition', async (world) => {
    const { filter, ids } = await seven(world);
    const halves = await Promise.all(['1/2', '2/2'].map((partition) => get(world, { ...filter, partition })));
    assert.deepEqual(ascending(halves.flatMap(idsOf)), ids);
  });
  documented('limit: 0 and 1001 are answered 400', async ({ client }) => {
    for (const limit of [0, 1001]) expectRefusal(await client.get(`/files?limit=${limit}`), 400);
  });
});

export const aggregateFilesChecks = checksOf('POST /files/aggregate', ({ documented }) => {
  documented('items: one, with the count of the files that meet the filter', async (world) => {
    const { filter } = await seven(world);
    assert.deepEqual(await world.client.create('/files/aggregate', { filter }), { items: [{ count: 7 }] });
  });
  documented('filter may be left out', async ({ client }) => {
    const body = await client.create<Items<{ count: number }>>('/files/aggregate', {});
    expectThat(body.items[0]!.count > 0, `count is ${body.items[0]!.count}`);
  });
  documented('filter: no file that fits counts 0', async (world) =>
    expectPart(await world.client.create('/files/aggregate', { filter: { source: world.name() } }), {
      items: [{ count: 0 }],
    }),
  );
});
