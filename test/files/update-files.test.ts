import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileCreate } from '#contract/files/file';
import type { FileChanges, FileUpdate } from '#contract/files/file-update';
import { type FileRecord, toWireFile } from '../../src/files/file-record.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

const FULL: FileCreate = {
  name: 'pump.jpg',
  externalId: 'pump-1',
  directory: '/plant/a',
  source: 'camera',
  mimeType: 'image/jpeg',
  metadata: { site: 'north', unit: '7' },
  assetIds: [1, 2],
  dataSetId: 7,
  sourceCreatedTime: 0,
  sourceModifiedTime: 1_600_000_000_000,
  securityCategories: [3],
  labels: [{ externalId: 'pump' }],
  geoLocation: { type: 'Feature', geometry: { type: 'Point', coordinates: [10.5, 59.9] } },
};

describe.each(DATABASE_KINDS)('updating files on %s', (kind) => {
  let test: TestFiles;
  let project: string;
  let file: FileRecord;
  beforeAll(async () => {
    test = await openTestFiles(kind);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    project = newProject();
    test.clock.time = 1_700_000_000_000;
    file = await create(FULL);
    test.clock.time += 1000;
  });

  const create = (input: FileCreate) => test.files.create(project, input, { overwrite: false });
  const update = (...updates: FileUpdate[]) => test.files.update(project, updates);
  const change = async (changes: FileChanges) => (await update({ id: file.id, update: changes }))[0]!;
  const current = async () => (await test.files.find(project, [{ id: file.id }], { ignoreUnknownIds: false }))[0]!;
  const refused = async (changes: object, code: string, message: string) => {
    await expect(change(changes)).rejects.toMatchObject({ code, message });
    expect(await current()).toEqual(file);
  };

  it('sets every property, and moves lastUpdatedTime', async () => {
    const values = {
      externalId: 'pump-2',
      directory: '/plant/b',
      source: 'drone',
      mimeType: 'image/png',
      metadata: { only: 'this' },
      assetIds: [9_007_199_254_740_991],
      dataSetId: 8,
      sourceCreatedTime: 5,
      sourceModifiedTime: 6,
      securityCategories: [],
      labels: [{ externalId: 'new' }],
      geoLocation: { type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] } },
    };
    const changes = Object.fromEntries(Object.entries(values).map(([key, set]) => [key, { set }]));
    const updated = await change(changes);
    expect(toWireFile(updated)).toEqual({
      ...toWireFile(file),
      ...values,
      lastUpdatedTime: 1_700_000_001_000,
    });
    expect(await current()).toEqual(updated);
  });

  it('takes every property away', async () => {
    const keys = Object.keys(FULL).filter((key) => key !== 'name');
    const updated = await change(Object.fromEntries(keys.map((key) => [key, { setNull: true }])));
    expect(toWireFile(updated)).toEqual({
      id: file.id,
      name: 'pump.jpg',
      uploaded: false,
      createdTime: file.createdTime,
      lastUpdatedTime: 1_700_000_001_000,
    });
  });

  it('leaves alone what is not named, the content too', async () => {
    file = await test.upload(file, 'content');
    const updated = await change({ source: { set: 'drone' } });
    expect(updated).toEqual({ ...file, source: 'drone', lastUpdatedTime: 1_700_000_001_000 });
    expect((await change({})).lastUpdatedTime).toBe(1_700_000_001_000);
  });

  it('adds to lists and removes from them, each item once', async () => {
    const updated = await change({
      assetIds: { add: [2, 5, 5], remove: [1, 77] },
      securityCategories: { add: [4] },
      labels: { remove: [{ externalId: 'pump' }], add: [{ externalId: 'valve' }] },
    });
    expect(updated).toMatchObject({
      assetIds: [2, 5],
      securityCategories: [3, 4],
      labels: [{ externalId: 'valve' }],
    });
    const bare = await create({ name: 'bare' });
    const [changed] = await update({ id: bare.id, update: { assetIds: { add: [1] }, labels: { remove: [] } } });
    expect(changed).toMatchObject({ assetIds: [1], labels: [] });
  });

  it('adds pairs to metadata and removes keys from it', async () => {
    const updated = await change({ metadata: { add: { unit: '8', line: 'a' }, remove: ['site', 'nothing'] } });
    expect(updated.metadata).toEqual({ unit: '8', line: 'a' });
  });

  it.each(['assetIds', 'securityCategories', 'labels', 'metadata'])(
    'refuses to set %s and to add to it',
    async (key) => {
      const empty = key === 'metadata' ? {} : [];
      const message = `items[0].update.${key}: give either set, or setNull, or add and remove.`;
      await refused({ [key]: { set: empty, add: empty } }, 'invalid-request', message);
      await refused({ [key]: { setNull: true, remove: [] } }, 'invalid-request', message);
    },
  );

  it('checks the limits of what comes out', async () => {
    await refused(
      { assetIds: { add: Array.from({ length: 999 }, (_, n) => n + 10) } },
      'invalid-request',
      'items[0].update.assetIds would have 1001 items, at most 1000 are allowed.',
    );
    await refused(
      { labels: { add: Array.from({ length: 10 }, (_, n) => ({ externalId: `label ${n}` })) } },
      'invalid-request',
      'items[0].update.labels would have 11 items, at most 10 are allowed.',
    );
    await refused(
      { metadata: { add: Object.fromEntries(Array.from({ length: 255 }, (_, n) => [`k${n}`, 'v'])) } },
      'invalid-request',
      'The metadata of a file is over a limit: metadata has 257 pairs, at most 256 are allowed.',
    );
    await refused(
      { source: { set: '\0' } },
      'invalid-request',
      'items.0.update.source.set holds a character that cannot be stored: U+0000 or half of a surrogate pair.',
    );
  });

  it('refuses a new name', async () => {
    await refused(
      { name: { set: 'new.jpg' } },
      'invalid-request',
      'items[0].update.name: the name of a file cannot be changed. Post the file again with overwrite=true.',
    );
  });

  it('leaves what belongs to a node to the node', async () => {
    await test.database.kysely
      .updateTable('files')
      .set({ instance_space: 'plant', instance_external_id: 'node' })
      .where('id', '=', file.id)
      .execute();
    file = await current();
    await refused(
      { mimeType: { set: 'image/png' } },
      'not-supported',
      `items[0].update.mimeType: file ${file.id} has it from its node. Change the node with POST …/models/instances.`,
    );
    const instanceId = { space: 'plant', externalId: 'node' };
    const [updated] = await update({ instanceId, update: { metadata: { set: { a: 'b' } } } });
    expect(updated?.metadata).toEqual({ a: 'b' });
  });

  it('answers in the order of the request, and changes all or none', async () => {
    const other = await create({ name: 'b.jpg', externalId: 'b' });
    const updated = await update(
      { externalId: 'b', update: { source: { set: 'one' } } },
      { id: file.id, update: { source: { set: 'two' } } },
    );
    expect(updated.map(({ id, source }) => [id, source])).toEqual([
      [other.id, 'one'],
      [file.id, 'two'],
    ]);
    file = updated[1]!;
    const tooMany = { assetIds: { set: Array.from({ length: 1001 }, (_, n) => n + 1) } };
    await expect(
      update({ id: file.id, update: { source: { set: 'three' } } }, { externalId: 'b', update: tooMany }),
    ).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/^items\[1\]\.update\.assetIds/),
    });
    expect(await current()).toEqual(file);
  });

  it('names files that are missing, and those that are named twice', async () => {
    const nothing = { update: {} };
    await expect(update({ id: file.id, ...nothing }, { externalId: 'x', ...nothing })).rejects.toMatchObject({
      code: 'files-not-found',
      message: 'Files ids not found: x',
      details: { missing: [{ externalId: 'x' }] },
    });
    await expect(update({ id: 5, ...nothing }, { id: 5, ...nothing })).rejects.toMatchObject({
      code: 'files-duplicated',
      details: { duplicated: [{ id: 5 }] },
    });
    await expect(update({ id: file.id, ...nothing }, { externalId: 'pump-1', ...nothing })).rejects.toMatchObject({
      code: 'files-duplicated',
      message: `Duplicate ids: ${file.id}`,
    });
    await expect(test.files.update(newProject(), [{ id: file.id, ...nothing }])).rejects.toMatchObject({
      code: 'files-not-found',
    });
  });

  describe('externalIds', () => {
    const set = (externalId: string) => ({ externalId: { set: externalId } });

    it('are not taken from another file', async () => {
      await create({ name: 'b.jpg', externalId: 'b' });
      await expect(change(set('b'))).rejects.toMatchObject({
        code: 'file-exists',
        status: 409,
        message: 'Files would have the same externalId: b. Choose another, or take it from the other file first.',
        details: { duplicated: [{ externalId: 'b' }] },
      });
      expect(await current()).toEqual(file);
      await test.files.create(newProject(), { name: 'c.jpg', externalId: 'c' }, { overwrite: false });
      expect((await change(set('c'))).externalId).toBe('c');
      expect((await change(set('c'))).externalId).toBe('c');
    });

    it('can be swapped, but not given twice', async () => {
      const other = await create({ name: 'b.jpg', externalId: 'b' });
      const swapped = await update({ id: file.id, update: set('b') }, { id: other.id, update: set('pump-1') });
      expect(swapped.map(({ externalId }) => externalId)).toEqual(['b', 'pump-1']);
      await expect(
        update({ id: file.id, update: set('same') }, { id: other.id, update: set('same') }),
      ).rejects.toMatchObject({ code: 'file-exists', details: { duplicated: [{ externalId: 'same' }] } });
    });

    it('go to one of several that ask at once', async () => {
      const others = await Promise.all(Array.from({ length: 5 }, (_, n) => create({ name: `${n}.jpg` })));
      const results = await Promise.allSettled(others.map(({ id }) => update({ id, update: set('race') })));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'file-exists' });
      }
    });
  });
});
