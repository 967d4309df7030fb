import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileCreate } from '#contract/files/file';
import { toWireFile } from '../../src/files/file-record.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

const FULL: FileCreate = {
  name: 'pump.jpg',
  externalId: 'pump-1',
  directory: '/plant/a',
  source: 'camera',
  mimeType: 'image/jpeg',
  metadata: { site: 'north', 'key with "quotes"': '{x}' },
  assetIds: [1, 9_007_199_254_740_991],
  dataSetId: 7,
  sourceCreatedTime: 0,
  sourceModifiedTime: 1_600_000_000_000,
  securityCategories: [3],
  labels: [{ externalId: 'pump' }, { externalId: 'has, comma' }],
  geoLocation: { type: 'Feature', geometry: { type: 'Point', coordinates: [10.5, 59.9] } },
};

describe.each(DATABASE_KINDS)('creating a file on %s', (kind) => {
  let test: TestFiles;
  let project: string;
  beforeAll(async () => {
    test = await openTestFiles(kind);
  });
  afterAll(() => test.remove());
  beforeEach(() => {
    project = newProject();
    test.clock.time = 1_700_000_000_000;
  });

  const create = (input: FileCreate, overwrite = false) => test.files.create(project, input, { overwrite });
  const find = async (id: number) => (await test.files.find(project, [{ id }], { ignoreUnknownIds: false }))[0]!;

  it('keeps every property, and shows no other', async () => {
    const created = await create(FULL);
    const expected = {
      ...FULL,
      id: created.id,
      uploaded: false,
      createdTime: 1_700_000_000_000,
      lastUpdatedTime: 1_700_000_000_000,
    };
    expect(toWireFile(created)).toEqual(expected);
    expect(toWireFile(await find(created.id))).toEqual(expected);
  });

  it('leaves out what was not given', async () => {
    const created = await create({ name: 'a.png' });
    expect(Object.keys(toWireFile(created)).sort()).toEqual([
      'createdTime',
      'id',
      'lastUpdatedTime',
      'name',
      'uploaded',
    ]);
  });

  it('refuses an externalId that the project has already, and takes it in another project', async () => {
    await create({ name: 'a.png', externalId: 'same' });
    await expect(create({ name: 'b.png', externalId: 'same' })).rejects.toMatchObject({
      code: 'file-exists',
      status: 409,
      message: 'A file with externalId same exists already. Post with overwrite=true to replace it.',
      details: { duplicated: [{ externalId: 'same' }] },
    });
    await test.files.create(newProject(), { name: 'b.png', externalId: 'same' }, { overwrite: false });
  });

  it('lets exactly one of several creations of an externalId through', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () => create({ name: 'a', externalId: 'race' })),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('makes any number of files without an externalId, overwrite or not', async () => {
    const ids = await Promise.all([create({ name: 'a' }), create({ name: 'a' }, true), create({ name: 'a' }, true)]);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(3);
  });

  it('overwrites: same id, given properties replaced, others and the content kept', async () => {
    const first = await create(FULL);
    const uploaded = await test.upload(first, 'old content');
    test.clock.time += 5000;
    const second = await create(
      { name: 'new.png', externalId: 'pump-1', metadata: { only: 'this' }, labels: [] },
      true,
    );
    expect(toWireFile(second)).toEqual({
      ...toWireFile(uploaded),
      name: 'new.png',
      metadata: { only: 'this' },
      labels: [],
      lastUpdatedTime: 1_700_000_005_000,
    });
    expect(second.content).toEqual(uploaded.content);
    expect(second.uploadGeneration).toBe(2);
  });

  it('overwrites assetIds where they are given', async () => {
    await create(FULL);
    expect((await create({ name: 'x', externalId: 'pump-1', assetIds: [5] }, true)).assetIds).toEqual([5]);
  });

  it('creates with overwrite where there is nothing to overwrite', async () => {
    expect(await create({ name: 'a', externalId: 'new' }, true)).toMatchObject({ externalId: 'new', uploaded: false });
  });

  it('holds metadata to its limits in bytes and names the one that is broken', async () => {
    const refused = (metadata: Record<string, string>, message: string) =>
      expect(create({ name: 'a', metadata })).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining(message),
      });
    await create({ name: 'a', metadata: { ['ø'.repeat(64)]: 'v', big: 'x'.repeat(10_000) } });
    await create({ name: 'a', metadata: Object.fromEntries(Array.from({ length: 256 }, (_, n) => [`k${n}`, 'v'])) });
    await refused({ ['ø'.repeat(65)]: 'v' }, 'has 130 bytes, at most 128');
    await refused({ key: 'ø'.repeat(5121) }, 'the metadata value of "key" has 10242 bytes, at most 10240');
    await refused({ a: 'x'.repeat(6000), b: 'x'.repeat(6000) }, 'metadata has 12002 bytes in keys and values together');
    await refused(Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`k${n}`, 'v'])), 'metadata has 257 pairs');
  });

  it('refuses text that the database cannot hold, naming the place', async () => {
    const refused = (input: Partial<FileCreate>, place: string) =>
      expect(create({ name: 'a', ...input })).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining(place),
      });
    await refused({ name: 'a\0b' }, 'file.name');
    await refused({ metadata: { key: '\ud800' } }, 'file.metadata.key');
    await refused({ metadata: { '\0': 'v' } }, 'a key of file.metadata');
    await refused({ labels: [{ externalId: '\udfff' }] }, 'file.labels.0.externalId');
    const here = { type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [1, 2] } };
    await refused({ geoLocation: { ...here, properties: { b: ['\0'] } } }, 'file.geoLocation.properties.b.0');
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    await refused({ geoLocation: { ...here, properties: deep } }, 'nested more than 64 deep');
    await create({ name: '𝄞 emoji 😀 \u0001' });
  });
});
