import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { fileNode, openTestInstances, type TestInstances } from '../../testing/test-instances.ts';

const NAMES = ['d', 'a', 'c', 'b', 'e'];

describe.each(DATABASE_KINDS)('spaces on %s', (kind) => {
  let test: TestInstances;
  beforeAll(async () => {
    test = await openTestInstances(kind);
  });
  afterAll(() => test.remove());
  beforeEach(() => {
    test.clock.time = 1_700_000_000_000;
  });

  const upsert = (project: string, ...spaces: { space: string; name?: string; description?: string }[]) =>
    test.instances.upsertSpaces(project, spaces);
  const namesOf = (spaces: { space: string }[]) => spaces.map(({ space }) => space);

  it('are created and answered in the order given', async () => {
    const spaces = await upsert(newProject(), { space: 'b', name: 'B', description: 'The second' }, { space: 'a' });
    const times = { createdTime: 1_700_000_000_000, lastUpdatedTime: 1_700_000_000_000, isGlobal: false };
    expect(spaces).toEqual([
      { space: 'b', name: 'B', description: 'The second', ...times },
      { space: 'a', ...times },
    ]);
  });

  it('are changed only where something differs, and lose what is not given', async () => {
    const project = newProject();
    await upsert(project, { space: 'same', name: 'S' }, { space: 'renamed', name: 'R', description: 'D' });
    test.clock.time += 1000;
    const [same, renamed] = await upsert(project, { space: 'same', name: 'S' }, { space: 'renamed', name: 'Q' });
    expect(same).toMatchObject({ name: 'S', createdTime: 1_700_000_000_000, lastUpdatedTime: 1_700_000_000_000 });
    expect(renamed).toEqual({
      space: 'renamed',
      name: 'Q',
      createdTime: 1_700_000_000_000,
      lastUpdatedTime: 1_700_000_001_000,
      isGlobal: false,
    });
  });

  it('have no reserved name, and none twice in a request; nothing is created then', async () => {
    const project = newProject();
    for (const space of ['space', 'cdf', 'dms', 'pg3', 'shared', 'system', 'node', 'edge', 'cdf_cdm']) {
      await expect(upsert(project, { space: 'fine' }, { space })).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining(`No space can be named ${space}.`),
      });
    }
    await expect(upsert(project, { space: 'a' }, { space: 'b' }, { space: 'a' })).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'items has the space a twice; each may be given once.',
    });
    await expect(upsert(project, { space: 'a', name: '\0' })).rejects.toMatchObject({ code: 'invalid-request' });
    expect(await test.instances.listSpaces(project, { limit: 10 })).toEqual({ items: [] });
  });

  it('are found by name in the order asked for, unknown ones left out', async () => {
    const project = await test.projectWith('a', 'b');
    expect(namesOf(await test.instances.findSpaces(project, ['b', 'no', 'a', 'b']))).toEqual(['b', 'a']);
  });

  it('are listed in the order of their creation, page by page', async () => {
    const project = newProject();
    for (const space of NAMES) await upsert(project, { space });
    await upsert(project, { space: 'd', name: 'changed' });
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await test.instances.listSpaces(project, { limit: 2, cursor });
      pages.push(namesOf(page.items));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([['d', 'a'], ['c', 'b'], ['e']]);
    const { nextCursor } = await test.instances.listSpaces(project, { limit: 2 });
    await expect(test.instances.listSpaces(newProject(), { limit: 2, cursor: nextCursor })).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('are removed when empty, unknown ones left out', async () => {
    const project = await test.projectWith('a', 'b', 'c');
    expect((await test.instances.removeSpaces(project, ['b', 'no', 'a'])).sort()).toEqual(['a', 'b']);
    expect(namesOf((await test.instances.listSpaces(project, { limit: 10 })).items)).toEqual(['c']);
    expect(await test.instances.removeSpaces(project, ['a'])).toEqual([]);
  });

  it('are not removed while they have nodes, and the others in the request stay too', async () => {
    const project = await test.projectWith('empty', 'plant');
    await test.instances.upsertNodes(project, [fileNode()], {});
    await expect(test.instances.removeSpaces(project, ['empty', 'plant'])).rejects.toMatchObject({
      code: 'space-not-empty',
      message: expect.stringContaining('cannot be deleted: plant.'),
    });
    expect((await test.instances.listSpaces(project, { limit: 10 })).items).toHaveLength(2);
    await test.instances.removeNodes(project, [{ space: 'plant', externalId: 'photo' }]);
    expect(await test.instances.removeSpaces(project, ['plant'])).toEqual(['plant']);
  });

  it('of one project are nothing to another', async () => {
    const [one, other] = [await test.projectWith('a'), await test.projectWith('a', 'b')];
    expect(await test.instances.findSpaces(one, ['b'])).toEqual([]);
    expect(await test.instances.removeSpaces(one, ['a', 'b'])).toEqual(['a']);
    expect(namesOf((await test.instances.listSpaces(other, { limit: 10 })).items)).toEqual(['a', 'b']);
  });

  it('survive many requests at once, in any order', async () => {
    const project = newProject();
    const spaces = NAMES.map((space) => ({ space }));
    await Promise.all(Array.from({ length: 10 }, (_, n) => upsert(project, ...(n % 2 ? spaces : spaces.toReversed()))));
    expect((await test.instances.listSpaces(project, { limit: 10 })).items).toHaveLength(NAMES.length);
  });
});
