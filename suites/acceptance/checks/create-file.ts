import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import { FILE_PROPERTIES, firstProperties, secondProperties } from '../file-properties.ts';
import type { FileAnswer } from '../wire.ts';
import type { World } from '../world.ts';

const text = (length: number) => 'a'.repeat(length);
const full = (world: World) =>
  world.once('file with every property', () => world.createFile({ ...firstProperties(), externalId: world.name() }));
const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
const idsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
const labels = (count: number) => idsFrom(0, count).map((i) => ({ externalId: `label ${i}` }));

/** The most that a property may hold, and the least that is too much. */
const LIMITS: [rule: string, most: object, tooMuch: object][] = [
  ['name: 256 characters', { name: text(256) }, { name: text(257) }],
  ['directory: 512 characters', { directory: text(512) }, { directory: text(513) }],
  ['source: 128 characters', { source: text(128) }, { source: text(129) }],
  ['mimeType: 256 characters', { mimeType: text(256) }, { mimeType: text(257) }],
  ['metadata: keys of 128 bytes', { metadata: { [text(128)]: 'v' } }, { metadata: { [text(129)]: 'v' } }],
  [
    'metadata: bytes are counted, not characters',
    { metadata: { ['é'.repeat(64)]: 'v' } },
    { metadata: { ['é'.repeat(65)]: 'v' } },
  ],
  ['metadata: 256 pairs', { metadata: pairs(256) }, { metadata: pairs(257) }],
  ['metadata: 10240 bytes in all', { metadata: { a: text(10_239) } }, { metadata: { a: text(10_240) } }],
  ['assetIds: 1000', { assetIds: idsFrom(1, 1000) }, { assetIds: idsFrom(1, 1001) }],
  ['securityCategories: 100', { securityCategories: idsFrom(1, 100) }, { securityCategories: idsFrom(1, 101) }],
  ['labels: 10', { labels: labels(10) }, { labels: labels(11) }],
  ['ids: up to 9007199254740991', { dataSetId: 9_007_199_254_740_991 }, { dataSetId: 9_007_199_254_740_992 }],
  ['ids: from 1', { dataSetId: 1 }, { dataSetId: 0 }],
];

export const createFileChecks = checksOf('POST /files', ({ documented, observed, ours }) => {
  documented('is answered 201', async (world) => void (await world.createFile()));
  documented('id: a whole number that a double holds', async (world) =>
    assert.ok(Number.isSafeInteger((await full(world)).id)),
  );
  documented('name is required and answered', async (world) => {
    const name = world.name('.jpg');
    assert.equal((await world.createFile({ name })).name, name);
    expectRefusal(await world.client.post('/files', {}), 400);
    expectRefusal(await world.client.post('/files', { name: '' }), 400);
  });
  documented('externalId is kept and answered', async (world) => {
    const externalId = world.name();
    assert.equal((await world.createFile({ externalId })).externalId, externalId);
  });
  for (const [property, [value]] of Object.entries(FILE_PROPERTIES)) {
    documented(`${property} is kept and answered`, async (world) => {
      const file = await full(world);
      expectPart(file, { [property]: value });
      expectPart(await world.readFile({ id: file.id }), { [property]: value });
    });
  }
  documented('uploaded: false', async (world) => assert.equal((await full(world)).uploaded, false));
  documented('createdTime and lastUpdatedTime: milliseconds of now', async (world) => {
    const { createdTime, lastUpdatedTime } = await world.createFile();
    assert.equal(lastUpdatedTime, createdTime);
    expectThat(Math.abs(createdTime - Date.now()) < 3_600_000, `createdTime is ${createdTime}`);
  });
  documented('uploadUrl: an absolute address', async (world) => {
    const { uploadUrl } = await full(world);
    assert.match(new URL(uploadUrl).protocol, /^https?:$/);
  });
  documented('uploadUrl is answered here only', async (world) =>
    assert.ok(!('uploadUrl' in (await world.readFile({ id: (await full(world)).id })))),
  );
  observed('what was not given is left out of the answer', async (world) => {
    const file = await world.createFile();
    const always = ['createdTime', 'id', 'lastUpdatedTime', 'name', 'uploadUrl', 'uploaded'];
    // The real service adds an empty list of labels.
    const keys = Object.keys(file).filter((key) => key !== 'labels');
    assert.deepEqual(keys.sort(), always);
  });
  observed('null stands for absent', async (world) => {
    const file = await world.createFile({ externalId: null, mimeType: null, metadata: null, labels: null });
    assert.ok(!('externalId' in file) && !('mimeType' in file) && !('metadata' in file));
  });
  documented('two files may have the same name', async (world) => {
    const name = world.name('.jpg');
    assert.notEqual((await world.createFile({ name })).id, (await world.createFile({ name })).id);
  });

  for (const [rule, most, tooMuch] of LIMITS) {
    documented(`${rule} are accepted, more is answered 400`, async (world) => {
      await world.createFile(most);
      expectRefusal(await world.client.post('/files', { name: 'a.jpg', ...tooMuch }), 400);
    });
  }
  documented('externalId: 255 characters are accepted, more is answered 400', async (world) => {
    const externalId = world.name().padEnd(255, 'a');
    await world.createFile({ externalId });
    expectRefusal(await world.client.post('/files', { name: 'a.jpg', externalId: `${externalId}a` }), 400);
  });
  documented('a metadata value that is no string is answered 400', async ({ client }) =>
    expectRefusal(await client.post('/files', { name: 'a.jpg', metadata: { a: 1 } }), 400),
  );
  ours('text that PostgreSQL cannot store is answered 400', async ({ client }) => {
    for (const name of ['a\0.jpg', 'a\ud800.jpg']) expectRefusal(await client.post('/files', { name }), 400);
  });
});

export const overwriteChecks = checksOf('POST /files?overwrite', ({ documented, observed, inferred }) => {
  const twice = async (world: World, first: object, second: object, query = '?overwrite=true') => {
    const externalId = world.name();
    const before = await world.createFile({ externalId, ...first });
    const answer = await world.client.post<FileAnswer>(`/files${query}`, { name: 'b.jpg', externalId, ...second });
    return { before, answer, externalId };
  };
  for (const query of ['', '?overwrite=false']) {
    inferred(
      `an externalId that is taken is answered 409 with duplicated (${query || 'no overwrite'})`,
      async (world) => {
        const { answer, externalId } = await twice(world, {}, {}, query);
        expectRefusal(answer, 409, { duplicated: [{ externalId }] });
      },
    );
  }
  documented('true: the file of the same externalId is changed and keeps its id', async (world) => {
    const { before, answer } = await twice(world, {}, { name: 'new.jpg' });
    expectStatus(answer, 201);
    expectPart(answer.body, { id: before.id, name: 'new.jpg' });
  });
  observed('the slash of POST /files/?overwrite=true makes no difference', async (world) => {
    const { before, answer } = await twice(world, {}, {}, '/?overwrite=true');
    expectPart(answer.body, { id: before.id });
  });
  documented('true: every property that is given is replaced', async (world) => {
    const { answer } = await twice(world, firstProperties(), secondProperties());
    expectPart(answer.body, secondProperties());
  });
  documented('true: metadata and assetIds are kept unless they are given', async (world) => {
    const { answer } = await twice(world, { metadata: { a: 'b' }, assetIds: [1, 2] }, {});
    expectPart(answer.body, { metadata: { a: 'b' }, assetIds: [1, 2] });
  });
  documented('true: an externalId that is free makes a file', async (world) => {
    const externalId = world.name();
    const answer = await world.client.post<FileAnswer>('/files?overwrite=true', { name: 'a.jpg', externalId });
    expectStatus(answer, 201);
    await world.client.post('/files/delete', { items: [{ id: answer.body.id }] });
  });
  documented('true: the old content stays until the new upload has ended', async (world) => {
    const externalId = world.name();
    await world.uploadFile(Buffer.from('old'), { externalId });
    const changed = await world.client.create<FileAnswer>('/files?overwrite=true', { name: 'b.jpg', externalId });
    const content = async () => {
      const links = await world.client.create<{ items: { downloadUrl: string }[] }>('/files/downloadlink', {
        items: [{ externalId }],
      });
      return (await world.client.get(links.items[0]!.downloadUrl)).text;
    };
    assert.equal(await content(), 'old');
    await world.client.send('PUT', changed.uploadUrl, Buffer.from('new'), { headers: [] });
    assert.equal(await content(), 'new');
  });
});
