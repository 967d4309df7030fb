import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileSearchQuery } from '../../src/files/search-files.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

const NAMES = ['Pump 12 north.jpg', 'PUMP-house.png', 'north wall.jpg', 'valve_100%.jpg', 'Ærø.jpg'];

describe.each(DATABASE_KINDS)('searching and counting files on %s', (kind) => {
  let test: TestFiles;
  const project = newProject();
  beforeAll(async () => {
    test = await openTestFiles(kind);
    for (const [index, name] of NAMES.entries()) {
      const dataSetId = [8, 9, undefined][index];
      await test.files.create(
        project,
        { name, source: index < 2 ? 'camera' : 'drone', dataSetId },
        { overwrite: false },
      );
    }
  });
  afterAll(() => test.remove());

  const search = async (name: string | undefined, more: Partial<FileSearchQuery> = {}, dataSetIds?: number[]) => {
    const query = { limit: 100, ...more, ...(name !== undefined && { search: { name } }) };
    return (await test.files.search(project, query, { dataSetIds })).map((file) => file.name);
  };

  it.each([
    ['HOUSE', ['PUMP-house.png']],
    ['wall, north', ['north wall.jpg', 'Pump 12 north.jpg']],
    ['Ærø', ['Ærø.jpg']],
    ['100%', ['valve_100%.jpg']],
    ['%', ['valve_100%.jpg']],
    ['_', ['valve_100%.jpg']],
    ['nothing', []],
  ])('finds by %j, the name with most of the words first', async (name, expected) => {
    expect(await search(name)).toEqual(expected);
  });

  it.each([
    ['pump', ['PUMP-house.png', 'Pump 12 north.jpg']],
    ['PUM', ['PUMP-house.png', 'Pump 12 north.jpg']],
    ['jpg wall', ['Pump 12 north.jpg', 'north wall.jpg', 'valve_100%.jpg', 'Ærø.jpg']],
  ])('finds every name with a word of %j, or a beginning of one', async (name, expected) => {
    expect((await search(name)).sort()).toEqual(expected);
  });

  it('puts a name that holds the query as it stands before others, and then goes by id', async () => {
    expect((await search('north wall'))[0]).toBe('north wall.jpg');
    const { items } = await test.files.list(project, { limit: 100 });
    expect(await search(undefined)).toEqual(items.map(({ name }) => name));
  });

  it('stays within the filter, the limit, the project and what is visible', async () => {
    expect(await search('north', { filter: { source: 'drone' } })).toEqual(['north wall.jpg']);
    expect(await search('jpg', { limit: 2 })).toHaveLength(2);
    expect(await test.files.search(newProject(), { search: { name: 'pump' }, limit: 10 })).toEqual([]);
    expect(await search('pump', {}, [9, 10])).toEqual(['PUMP-house.png']);
    expect(await search('pump', {}, [])).toEqual([]);
  });

  it('refuses what it cannot search for', async () => {
    await expect(search('\0')).rejects.toMatchObject({ code: 'invalid-request' });
    const filter = { dataSetIds: [{ externalId: 'd' }] };
    await expect(search('a', { filter })).rejects.toMatchObject({ code: 'references-not-found' });
  });

  it('counts what a list would hold', async () => {
    expect(await test.files.count(project, {})).toBe(5);
    expect(await test.files.count(project, { source: 'camera' })).toBe(2);
    expect(await test.files.count(project, { uploaded: true })).toBe(0);
    expect(await test.files.count(project, {}, { dataSetIds: [8] })).toBe(1);
    expect(await test.files.count(newProject(), {})).toBe(0);
  });

  it('lists and finds only what is visible', async () => {
    const { items: all } = await test.files.list(project, { limit: 100 });
    const { items } = await test.files.list(project, { limit: 100 }, { dataSetIds: [8, 9] });
    expect(items).toEqual(all.filter(({ dataSetId }) => dataSetId !== undefined));
    expect((await test.files.list(project, { limit: 100 }, { dataSetIds: [] })).items).toEqual([]);
    const references = all.map(({ id }) => ({ id }));
    const find = (ignoreUnknownIds: boolean) =>
      test.files.find(project, references, { ignoreUnknownIds, dataSetIds: [8, 9] });
    expect(await find(true)).toEqual(items);
    const hidden = all.filter(({ dataSetId }) => dataSetId === undefined).map(({ id }) => ({ id }));
    await expect(find(false)).rejects.toMatchObject({ code: 'files-not-found', details: { missing: hidden } });
  });
});
