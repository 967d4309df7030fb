import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileCreate } from '#contract/files/file';
import type { FileFilter } from '#contract/files/file-filter';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

describe.each(DATABASE_KINDS)('listing files on %s', (kind) => {
  let test: TestFiles;
  beforeAll(async () => {
    test = await openTestFiles(kind);
  });
  afterAll(() => test.remove());

  const create = (project: string, input: FileCreate) => test.files.create(project, input, { overwrite: false });
  const createMany = async (project: string, count: number) => {
    for (let n = 0; n < count; n++) await create(project, { name: `${n}.jpg` });
  };
  /** Ids of all pages; `between` is called after each page. */
  async function turnPages(project: string, limit: number, between?: () => Promise<unknown>, filter?: FileFilter) {
    const ids: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await test.files.list(project, { filter, limit, cursor });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await between?.();
    } while (cursor !== undefined);
    return ids;
  }

  describe('page by page', () => {
    it('gives every file once, by ascending id, and no cursor on the last page', async () => {
      const project = newProject();
      await createMany(project, 10);
      const all = await turnPages(project, 1000);
      expect(all).toHaveLength(10);
      expect(all).toEqual([...all].sort((a, b) => a - b));
      for (const limit of [1, 3, 5, 10]) expect(await turnPages(project, limit)).toEqual(all);
      expect(await test.files.list(newProject(), { limit: 5 })).toEqual({ items: [] });
    });

    it('loses and repeats nothing while files are created and removed in between', async () => {
      const project = newProject();
      await createMany(project, 12);
      const before = await turnPages(project, 1000);
      const gone = before[11]!;
      let removed = false;
      const ids = await turnPages(project, 2, async () => {
        await createMany(project, 3);
        if (!removed) await test.files.remove(project, [{ id: gone }], { ignoreUnknownIds: false });
        removed = true;
      });
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(ids).toEqual(expect.arrayContaining(before.filter((id) => id !== gone)));
      expect(ids).not.toContain(gone);
    });

    it('gives every file in exactly one partition, while files are created in between', async () => {
      const project = newProject();
      await createMany(project, 40);
      const before = await turnPages(project, 1000);
      for (const count of [1, 3, 10]) {
        const seen: number[] = [];
        for (let index = 1; index <= count; index++) {
          const partition = `${index}/${count}`;
          let cursor: string | undefined;
          do {
            const page = await test.files.list(project, { limit: 2, cursor, partition });
            seen.push(...page.items.map(({ id }) => id));
            cursor = page.nextCursor;
          } while (cursor !== undefined);
          await createMany(project, 1);
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(before));
      }
    });

    it('refuses partitions that there are none of, and a cursor of another one', async () => {
      const project = newProject();
      await createMany(project, 8);
      for (const partition of ['0/2', '3/2', '1/11', '1', 'a/b', '1/2/3', '', '-1/2', '1.0/2', '01/2x']) {
        await expect(test.files.list(project, { limit: 1, partition })).rejects.toMatchObject({
          code: 'invalid-request',
          message: `partition must be m/n, the m-th of n parts, with n at most 10 and m from 1 to n, got "${partition}".`,
        });
      }
      const { nextCursor: cursor } = await test.files.list(project, { limit: 1 });
      await expect(test.files.list(project, { limit: 1, cursor, partition: '1/2' })).rejects.toMatchObject({
        message: expect.stringContaining('The cursor is not one of this list'),
      });
    });

    it('takes a smaller or larger limit on later pages', async () => {
      const project = newProject();
      await createMany(project, 5);
      const { items, nextCursor } = await test.files.list(project, { limit: 2 });
      const rest = await test.files.list(project, { limit: 1000, cursor: nextCursor });
      expect([...items, ...rest.items]).toHaveLength(5);
    });

    it('refuses a cursor of another project or filter, and anything that is no cursor', async () => {
      const project = newProject();
      await createMany(project, 3);
      const filter = { source: undefined, uploaded: false, createdTime: { min: 1, max: 2_000_000_000_000 } };
      const { nextCursor: cursor } = await test.files.list(project, { filter, limit: 1 });
      expect(cursor).toBeDefined();
      const refused = (query: { project?: string; filter?: FileFilter; cursor?: string }) =>
        expect(
          test.files.list(query.project ?? project, {
            filter: query.filter ?? filter,
            limit: 1,
            cursor: query.cursor ?? cursor,
          }),
        ).rejects.toMatchObject({
          code: 'invalid-request',
          message: expect.stringContaining('The cursor is not one of this list'),
        });
      await refused({ project: newProject() });
      await refused({ filter: {} });
      await refused({ filter: { ...filter, name: 'x' } });
      for (const nonsense of ['', 'x', 'bnVsbA', 'W10', Buffer.from('["x",1]').toString('base64url')])
        await refused({ cursor: nonsense });

      const reordered = { createdTime: { max: 2_000_000_000_000, min: 1 }, uploaded: false };
      expect((await test.files.list(project, { filter: reordered, limit: 1, cursor })).items).toHaveLength(1);
    });
  });

  describe('with a filter', () => {
    let project: string;
    beforeAll(async () => {
      project = newProject();
      const inputs: FileCreate[] = [
        { name: 'one', externalId: 'x_1', directory: '/plant/a', mimeType: 'image/png', source: 'camera' },
        { name: 'two', externalId: 'x%2', directory: '/plant/b', metadata: { site: 'north', unit: '7' } },
        { name: 'three', externalId: 'y1', directory: '/Plant', metadata: { site: 'north' }, assetIds: [1, 2] },
        { name: 'four', assetIds: [2, 3], dataSetId: 8, labels: [{ externalId: 'pump' }, { externalId: 'hot' }] },
        { name: 'five', dataSetId: 9, labels: [{ externalId: 'pump' }], sourceCreatedTime: 10, sourceModifiedTime: 20 },
      ];
      for (const [index, input] of inputs.entries()) {
        test.clock.time = 1000 * (index + 1);
        await create(project, input);
      }
      test.clock.time = 7000;
      const [two] = await test.files.find(project, [{ externalId: 'x%2' }], { ignoreUnknownIds: false });
      await test.upload(two!, 'content');
      test.clock.time = 8000;
      await test.files.create(project, { name: 'one', externalId: 'x_1' }, { overwrite: true });
    });

    const cases: [FileFilter, string[]][] = [
      [{}, ['five', 'four', 'one', 'three', 'two']],
      [{ name: 'one' }, ['one']],
      [{ name: 'on' }, []],
      [{ directoryPrefix: '/plant' }, ['one', 'two']],
      [{ directoryPrefix: '' }, ['one', 'three', 'two']],
      [{ mimeType: 'image/png' }, ['one']],
      [{ source: 'camera', mimeType: 'image/png' }, ['one']],
      [{ source: 'camera', mimeType: 'image/jpeg' }, []],
      [{ metadata: { site: 'north' } }, ['three', 'two']],
      [{ metadata: { site: 'north', unit: '7' } }, ['two']],
      [{ metadata: {} }, ['three', 'two']],
      [{ assetIds: [1, 3] }, ['four', 'three']],
      [{ assetIds: [2] }, ['four', 'three']],
      [{ assetSubtreeIds: [{ id: 1 }, { id: 3 }] }, ['four', 'three']],
      [{ rootAssetIds: [{ id: 2 }] }, ['four', 'three']],
      [{ rootAssetIds: [{ id: 2 }], assetSubtreeIds: [{ id: 99 }] }, []],
      [{ dataSetIds: [{ id: 8 }, { id: 10 }] }, ['four']],
      [{ labels: { containsAny: [{ externalId: 'hot' }, { externalId: 'cold' }] } }, ['four']],
      [{ labels: { containsAll: [{ externalId: 'pump' }] } }, ['five', 'four']],
      [{ labels: { containsAll: [{ externalId: 'pump' }, { externalId: 'hot' }] } }, ['four']],
      [{ createdTime: { min: 2000, max: 3000 } }, ['three', 'two']],
      [{ createdTime: { max: 1000 } }, ['one']],
      [{ lastUpdatedTime: { min: 8000 } }, ['one']],
      [{ uploadedTime: { min: 7000, max: 7000 } }, ['two']],
      [{ sourceCreatedTime: { min: 10 } }, ['five']],
      [{ sourceModifiedTime: { max: 19 } }, []],
      [{ externalIdPrefix: 'x' }, ['one', 'two']],
      [{ externalIdPrefix: 'x%' }, ['two']],
      [{ externalIdPrefix: 'x_' }, ['one']],
      [{ uploaded: true }, ['two']],
      [{ uploaded: false, directoryPrefix: '/plant' }, ['one']],
    ];
    it.each(cases)('%j', async (filter, names) => {
      const { items } = await test.files.list(project, { filter, limit: 100 });
      expect(items.map(({ name }) => name).sort()).toEqual(names);
      expect(await turnPages(project, 1, undefined, filter)).toEqual(items.map(({ id }) => id));
    });

    it('refuses what it cannot look up, instead of ignoring it', async () => {
      const list = (filter: FileFilter) => test.files.list(project, { filter, limit: 100 });
      const refused = (filter: FileFilter, kept: string) =>
        expect(list(filter)).rejects.toMatchObject({
          code: 'references-not-found',
          message: `External ids not found: a, b. This server keeps no ${kept}; name them by their ids.`,
          details: { missing: [{ externalId: 'a' }, { externalId: 'b' }] },
        });
      const mixed = [{ externalId: 'a' }, { id: 2 }, { externalId: 'b' }];
      await refused({ assetSubtreeIds: mixed }, 'assets');
      await refused({ rootAssetIds: mixed }, 'assets');
      await refused({ assetExternalIds: ['a', 'b'] }, 'assets');
      await refused({ dataSetIds: mixed }, 'data sets');
      await expect(list({ name: '\0' })).rejects.toMatchObject({ code: 'invalid-request' });
    });
  });
});
