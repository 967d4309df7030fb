import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileFilter } from '#contract/files/file-filter';
import { MAX_FILE_POSITIONS, MAX_FILTER_POSITIONS } from '#contract/files/geo-location';
import { DATABASE_KINDS } from '../../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../../testing/test-files.ts';

type Filter = NonNullable<FileFilter['geoLocation']>;

/** More than are read from the database at once. */
const FILES = 450;
/** The files lie on a line from west to east, a tenth of a degree apart. */
const longitude = (index: number) => index / 10;
const at = (index: number) => ({
  type: 'Feature' as const,
  geometry: { type: 'Point' as const, coordinates: [longitude(index), 60] },
});
/** A slanted stripe: its box holds many more of the files than it does. */
const stripe = (from: number, to: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [longitude(from) - 10, 50],
      [longitude(to) - 10, 50],
      [longitude(to) + 10, 70],
      [longitude(from) + 10, 70],
      [longitude(from) - 10, 50],
    ],
  ],
});
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.each(DATABASE_KINDS)('files at a place on %s', (kind) => {
  let test: TestFiles;
  const project = newProject();
  beforeAll(async () => {
    test = await openTestFiles(kind);
    const create = (name: string, more: object) => test.files.create(project, { name, ...more }, { overwrite: false });
    for (const index of upTo(FILES)) {
      await create(`${index}.jpg`, { geoLocation: at(index), source: index % 2 === 0 ? 'even' : 'odd' });
    }
    await create('nowhere.jpg', {});
  });
  afterAll(() => test.remove());

  const list = async (geoLocation: Filter, more: FileFilter = {}, limit = 1000) => {
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await test.files.list(project, { filter: { geoLocation, ...more }, limit, cursor });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map(({ name }) => Number.parseInt(name, 10)));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found.sort((a, b) => a - b);
  };

  it('are listed, page by page, without those that only the box around the shape holds', async () => {
    const geoLocation: Filter = { relation: 'intersects', shape: stripe(100, 109) };
    for (const limit of [1, 3, 9, 10, 1000]) {
      expect(await list(geoLocation, {}, limit)).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);
    }
    expect(await list({ ...geoLocation, relation: 'within' }, { source: 'even' })).toEqual([100, 102, 104, 106, 108]);
  });

  it('are all others that have a place, for disjoint', async () => {
    const expected = upTo(FILES).filter((index) => index < 100 || index > 109);
    expect(await list({ relation: 'disjoint', shape: stripe(100, 109) }, {}, 100)).toEqual(expected);
  });

  it('are counted and searched', async () => {
    const geoLocation: Filter = { relation: 'within', shape: stripe(10, 310) };
    expect(await test.files.count(project, { geoLocation })).toBe(301);
    const found = await test.files.search(project, { search: { name: '30' }, filter: { geoLocation }, limit: 1000 });
    const names = upTo(FILES).filter((index) => index >= 10 && index <= 310 && `${index}`.includes('30'));
    expect(found.map(({ name }) => Number.parseInt(name, 10)).sort((a, b) => a - b)).toEqual(names);
    expect(await test.files.search(project, { filter: { geoLocation }, limit: 7 })).toHaveLength(7);
  });

  it('follow an update', async () => {
    const elsewhere = newProject();
    const { id } = await test.files.create(elsewhere, { name: 'a', geoLocation: at(1) }, { overwrite: false });
    const count = (index: number) =>
      test.files.count(elsewhere, { geoLocation: { relation: 'within', shape: at(index).geometry } });
    expect([await count(1), await count(2)]).toEqual([1, 0]);
    await test.files.update(elsewhere, [{ id, update: { geoLocation: { set: at(2) } } }]);
    expect([await count(1), await count(2)]).toEqual([0, 1]);
    await test.files.update(elsewhere, [{ id, update: { geoLocation: { setNull: true } } }]);
    expect([await count(1), await count(2)]).toEqual([0, 0]);
  });

  it('have coordinates that are some, in files and in filters', async () => {
    const bad = { type: 'Point' as const, coordinates: [200, 0] };
    const wrong = { type: 'Feature' as const, geometry: bad };
    const refused = (promise: Promise<unknown>, message: string) =>
      expect(promise).rejects.toMatchObject({ code: 'invalid-request', message: expect.stringContaining(message) });
    const { id } = await test.files.create(project, { name: 'x' }, { overwrite: false });
    await refused(
      test.files.create(project, { name: 'x', geoLocation: wrong }, { overwrite: false }),
      'geoLocation.geometry.coordinates must be a position',
    );
    await refused(
      test.files.update(project, [{ id, update: { geoLocation: { set: wrong } } }]),
      'items[0].update.geoLocation.set.geometry.coordinates must be a position',
    );
    for (const relation of ['intersects', 'disjoint', 'within'] as const) {
      await refused(list({ relation, shape: bad }), 'filter.geoLocation.shape.coordinates must be a position');
    }
    const points = (count: number) => ({
      type: 'MultiPoint' as const,
      coordinates: upTo(count).map((index) => [index / count, 1]),
    });
    await refused(list({ relation: 'within', shape: points(MAX_FILTER_POSITIONS + 1) }), 'at most 1000');
    const most = { type: 'Feature' as const, geometry: points(MAX_FILE_POSITIONS) };
    await test.files.create(newProject(), { name: 'x', geoLocation: most }, { overwrite: false });
    const more = { type: 'Feature' as const, geometry: points(MAX_FILE_POSITIONS + 1) };
    await refused(test.files.create(project, { name: 'x', geoLocation: more }, { overwrite: false }), 'at most 10000');
  });
});
