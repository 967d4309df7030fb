import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InstanceId } from '#contract/files/file-reference';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { FILE_VIEW, fileNode, openTestInstances, type TestInstances } from '../../testing/test-instances.ts';

describe.each(DATABASE_KINDS)('finding, listing and removing nodes on %s', (kind) => {
  let test: TestInstances;
  let project: string;
  beforeAll(async () => {
    test = await openTestInstances(kind);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    project = await test.projectWith('plant', 'other');
    await test.instances.upsertNodes(
      project,
      [id('plant', 'a'), id('plant', 'b'), id('other', 'a'), id('other', 'c')].map((ids) => fileNode({}, ids)),
      {},
    );
    await test.files.create(project, { name: 'no node.jpg' }, { overwrite: false });
  });

  const id = (space: string, externalId: string): InstanceId => ({ space, externalId });
  const namesOf = (nodes: InstanceId[]) => nodes.map(({ space, externalId }) => `${space}:${externalId}`);
  const find = async (ids: InstanceId[], from = project) => namesOf(await test.instances.findNodes(from, ids));
  const list = async (filter?: object) =>
    namesOf((await test.instances.listNodes(project, { filter, limit: 100 })).items).sort();

  it('finds them in the order asked for, each once, unknown ones left out', async () => {
    expect(await find([id('other', 'c'), id('plant', 'c'), id('plant', 'a'), id('other', 'c')])).toEqual([
      'other:c',
      'plant:a',
    ]);
    await expect(find([id('plant', '\ud800')])).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('shows nothing of one project to another', async () => {
    const other = await test.projectWith('plant');
    expect(await find([id('plant', 'a')], other)).toEqual([]);
    expect(await test.instances.listNodes(other, { limit: 10 })).toEqual({ items: [] });
    expect(await test.instances.removeNodes(other, [id('plant', 'a')])).toEqual([]);
    await test.instances.upsertNodes(other, [fileNode({ name: 'theirs' }, id('plant', 'a'))], {});
    const [mine] = await test.instances.findNodes(project, [id('plant', 'a')]);
    expect(mine!.properties).toEqual({ isUploaded: false });
    const { nextCursor: cursor } = await test.instances.listNodes(project, { limit: 1 });
    await expect(test.instances.listNodes(other, { limit: 1, cursor })).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('lists every node once, page by page, while others come and go', async () => {
    const all = namesOf((await test.instances.listNodes(project, { limit: 10 })).items);
    expect(all.toSorted()).toEqual(['other:a', 'other:c', 'plant:a', 'plant:b']);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await test.instances.listNodes(project, { limit: 1, cursor });
      seen.push(...namesOf(page.items));
      await test.instances.upsertNodes(project, [fileNode({ name: `${seen.length}` }, id('plant', 'a'))], {});
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
  });

  it.each<[object | undefined, string[]]>([
    [undefined, ['other:a', 'other:c', 'plant:a', 'plant:b']],
    [{ hasData: [FILE_VIEW] }, ['other:a', 'other:c', 'plant:a', 'plant:b']],
    [{ equals: { property: ['node', 'space'], value: 'plant' } }, ['plant:a', 'plant:b']],
    [{ equals: { property: ['node', 'externalId'], value: 'a' } }, ['other:a', 'plant:a']],
    [{ in: { property: ['node', 'externalId'], values: ['b', 'c', 'd'] } }, ['other:c', 'plant:b']],
    [{ in: { property: ['node', 'space'], values: [] } }, []],
    [
      {
        and: [
          { hasData: [FILE_VIEW] },
          { and: [{ equals: { property: ['node', 'space'], value: 'other' } }] },
          { equals: { property: ['node', 'externalId'], value: 'a' } },
        ],
      },
      ['other:a'],
    ],
  ])('lists what meets the filter %j', async (filter, names) => {
    expect(await list(filter)).toEqual(names);
  });

  it.each<[object, string, string]>([
    [{ or: [] }, 'not-supported', 'filter.or cannot be checked by this server. It knows and; equals'],
    [{ and: [{ not: {} }] }, 'not-supported', 'filter.and[0].not cannot be checked'],
    [
      { equals: { property: ['cdf_cdm', 'CogniteFile/v1', 'name'], value: 'a' } },
      'not-supported',
      'filter.equals.property cannot be checked by this server, got ["cdf_cdm","CogniteFile/v1","name"].',
    ],
    [{ equals: { value: 'a' } }, 'not-supported', 'got none.'],
    [{ in: { property: 'x'.repeat(100), values: [] } }, 'not-supported', `got "${'x'.repeat(59)}….`],
    [
      { hasData: [{ ...FILE_VIEW, externalId: 'Mine' }] },
      'not-supported',
      'filter.hasData[0] is the view cdf_cdm/Mine/v1',
    ],
    [{}, 'invalid-request', 'filter must have exactly one condition, got none.'],
    [{ and: [], in: {} }, 'invalid-request', 'filter must have exactly one condition, got and and in.'],
    [{ and: {} }, 'invalid-request', 'filter.and must be an array.'],
    [{ and: [1] }, 'invalid-request', 'filter.and[0] must be an object.'],
    [{ equals: null }, 'invalid-request', 'filter.equals must be an object.'],
    [{ equals: { property: ['node', 'space'], value: 1 } }, 'invalid-request', 'filter.equals.value must be a string.'],
    [{ in: { property: ['node', 'space'], values: 'a' } }, 'invalid-request', 'filter.in.values must be an array.'],
    [
      { in: { property: ['node', 'space'], values: ['a', 1] } },
      'invalid-request',
      'filter.in.values[1] must be a string.',
    ],
    [{ hasData: [{ type: 'table' }] }, 'invalid-request', 'filter.hasData[0].type must be view or container.'],
    [
      { hasData: [{ ...FILE_VIEW, space: { toString: 1 } }] },
      'invalid-request',
      'filter.hasData[0].space must be a string.',
    ],
    [{ equals: { property: ['node', 'space'], value: '\0' } }, 'invalid-request', 'U+0000'],
    [
      { and: Array(101).fill({ equals: { property: ['node', 'space'], value: 'a' } }) },
      'invalid-request',
      'at most 100 conditions, got 101',
    ],
  ])('refuses the filter %j', async (filter, code, message) => {
    await expect(list(filter)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('refuses an order, and a cursor of another filter', async () => {
    const sort = [{ property: ['node', 'space'] }];
    await expect(test.instances.listNodes(project, { sort, limit: 1 })).rejects.toMatchObject({
      code: 'not-supported',
    });
    expect((await test.instances.listNodes(project, { sort: [], limit: 100 })).items).toHaveLength(4);
    const { nextCursor: cursor } = await test.instances.listNodes(project, { limit: 1 });
    await expect(
      test.instances.listNodes(project, { filter: { hasData: [] }, limit: 1, cursor }),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('removes nodes with their files and contents, unknown ones left out', async () => {
    const ids = [id('plant', 'b'), id('plant', 'a'), id('plant', 'no'), id('plant', 'a')];
    const [file] = await test.files.find(project, [{ instanceId: id('plant', 'a') }], { ignoreUnknownIds: false });
    const stored = await test.storedKeys();
    await test.upload(file!, 'content');
    expect(await test.instances.removeNodes(project, ids)).toEqual([id('plant', 'b'), id('plant', 'a')]);
    expect(await list()).toEqual(['other:a', 'other:c']);
    expect(await test.files.find(project, [{ id: file!.id }], { ignoreUnknownIds: true })).toEqual([]);
    expect(await test.storedKeys()).toEqual(stored);
    expect(await test.instances.removeNodes(project, ids)).toEqual([]);
  });

  it('removes nothing where a space does not exist', async () => {
    await expect(test.instances.removeNodes(project, [id('plant', 'a'), id('no', 'a')])).rejects.toMatchObject({
      code: 'spaces-not-found',
      details: { missing: [{ space: 'no' }] },
    });
    expect(await list()).toHaveLength(4);
    await expect(test.instances.removeNodes(newProject(), [id('plant', 'a')])).rejects.toMatchObject({
      code: 'spaces-not-found',
    });
  });

  it('has no node any more when its file was removed', async () => {
    await test.files.remove(project, [{ instanceId: id('plant', 'a') }], { ignoreUnknownIds: false });
    expect(await find([id('plant', 'a')])).toEqual([]);
    const [written] = await test.instances.upsertNodes(project, [fileNode({}, id('plant', 'a'))], {});
    expect(written).toMatchObject({ version: 1, wasModified: true });
  });
});
