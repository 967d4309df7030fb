import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileCreate } from '#contract/files/file';
import { MAX_ANSWER_BYTES, MAX_GEO_LOCATION_BYTES } from '#contract/limits';
import { toWireFile } from '../../src/files/file-record.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

const MEBIBYTE = 1024 * 1024;
const geometry = { type: 'Point' as const, coordinates: [10, 50] };
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe.each(DATABASE_KINDS)('records on %s', (kind) => {
  let test: TestFiles;
  beforeAll(async () => {
    test = await openTestFiles(kind);
  });
  afterAll(() => test.remove());

  const create = (project: string, input: Partial<FileCreate> = {}) =>
    test.files.create(project, { name: 'a.jpg', ...input }, { overwrite: false });

  describe('are refused where they are larger than records may be', () => {
    const refused = async (geoLocation: object) => {
      const project = newProject();
      const file = await create(project);
      const input = geoLocation as FileCreate['geoLocation'];
      const limit = `at most ${MAX_GEO_LOCATION_BYTES} are allowed`;
      await expect(create(project, { geoLocation: input })).rejects.toThrow(limit);
      const update = { geoLocation: { set: input } };
      await expect(test.files.update(project, [{ id: file.id, update }])).rejects.toThrow(limit);
      expect((await test.files.list(project, { limit: 10 })).items).toEqual([file]);
    };
    const feature = { type: 'Feature', geometry };

    it.each([
      ['a long text in its properties', { ...feature, properties: { text: 'x'.repeat(11_000) } }],
      ['characters that take many bytes', { ...feature, properties: { text: 'é'.repeat(5_200) } }],
      ['many properties', { ...feature, properties: Object.fromEntries([...Array(2000).keys()].map((n) => [n, n])) }],
      ['many numbers', { ...feature, properties: { numbers: Array(6000).fill(1) } }],
      ['long keys', { ...feature, properties: { ['k'.repeat(11_000)]: 1 } }],
      ['another member', { ...feature, bbox: Array(6000).fill(0) }],
      ['another member of the geometry', { ...feature, geometry: { ...geometry, note: 'x'.repeat(11_000) } }],
    ])('%s', (_, geoLocation) => refused(geoLocation));

    it('but kept with all that they may have', async () => {
      const positions = Array.from({ length: 10_000 }, (_, n) => [(n % 180) + 1 / 3, (n % 90) + 1 / 7]);
      const geoLocation = {
        type: 'Feature' as const,
        geometry: { type: 'MultiPoint' as const, coordinates: positions },
        properties: { text: 'x'.repeat(MAX_GEO_LOCATION_BYTES - 120) },
      };
      const { id } = await create('whole', { geoLocation });
      const [found] = await test.files.find('whole', [{ id }], { ignoreUnknownIds: false });
      expect(found!.geoLocation).toEqual(geoLocation);
    });
  });

  describe('from before there was a limit', () => {
    /** Files whose geoLocation has a text of these many bytes, as an earlier version let them be stored. */
    async function withTexts(...bytes: number[]) {
      const project = newProject();
      const ids: number[] = [];
      for (const [n, length] of bytes.entries()) {
        const { id } = await create(project, { name: `photo ${n}.jpg`, geoLocation: { type: 'Feature', geometry } });
        ids.push(id);
        await sql`
          update files set geo_location = geo_location
            || jsonb_build_object('properties', jsonb_build_object('text', repeat('x', ${length}::int)))
          where id = ${id}::bigint`.execute(test.database.kysely);
      }
      return { project, ids: ids.sort((a, b) => a - b) };
    }
    const eight = Array<number>(8).fill(5 * MEBIBYTE);

    it.each([
      ['all', undefined],
      ['those at a place', { geoLocation: { relation: 'intersects' as const, shape: geometry } }],
    ])('are listed in pages that are no larger than an answer: %s', async (_, filter) => {
      const { project, ids } = await withTexts(...eight, 0, 0);
      const seen: number[] = [];
      let pages = 0;
      let cursor: string | undefined;
      do {
        const page = await test.files.list(project, { filter, limit: 1000, cursor });
        expect(page.items.length).toBeGreaterThan(0);
        expect(bytesOf(page.items)).toBeLessThan(MAX_ANSWER_BYTES);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        pages++;
      } while (cursor !== undefined);
      expect(seen).toEqual(ids);
      expect([3, 4]).toContain(pages);
    });

    it('are shown as far as an answer has room, and words say so', async () => {
      const { project, ids } = await withTexts(20 * MEBIBYTE, 20 * MEBIBYTE, 0);
      const first = await test.files.list(project, { limit: 1000 });
      expect(first.items).toHaveLength(1);
      const large = (await Promise.all(ids.map((id) => test.files.find(project, [{ id }], KNOWN)))).flat();
      const leftOut = expect.stringContaining('is left out');
      expect(large.filter(({ geoLocation }) => geoLocation?.properties !== undefined)).toHaveLength(3);
      expect(large.map(({ geoLocation }) => geoLocation)).toEqual(
        expect.arrayContaining([{ type: 'Feature', geometry, properties: { leftOut } }]),
      );
      for (const file of large) expect(file.geoLocation!.geometry).toEqual(geometry);
    });

    it('are shown even if the database cannot write them out', async () => {
      const { project, ids } = await withTexts(0);
      // 300 digits each.
      await sql`
        update files set geo_location = jsonb_set(
          geo_location, '{properties}', (select jsonb_agg(1e300) from generate_series(1, 60000)))
        where id = ${ids[0]}::bigint`.execute(test.database.kysely);
      const [file] = (await test.files.list(project, { limit: 1 })).items;
      expect(file!.geoLocation!.properties).toEqual({ leftOut: expect.any(String) });
    });

    it('are found one at a time, or as many as fit', async () => {
      const { project, ids } = await withTexts(...eight);
      const references = ids.map((id) => ({ id }));
      await expect(test.files.find(project, references, KNOWN)).rejects.toMatchObject({
        code: 'answer-too-large',
        message: `The records of the 8 files take more than the ${MAX_ANSWER_BYTES} bytes that an answer may have. Ask for fewer at a time.`,
      });
      expect(await test.files.find(project, references.slice(5), KNOWN)).toHaveLength(3);
      expect(await test.files.findEntries(project, references, KNOWN)).toHaveLength(8);
    });

    it('are searched for, the best that fit', async () => {
      const { project } = await withTexts(...eight);
      const found = await test.files.search(project, { search: { name: 'photo 6' }, limit: 100 });
      expect(found.map(({ name }) => name)).toHaveLength(3);
      expect(found[0]!.name).toBe('photo 6.jpg');
    });

    it('are changed one at a time, or as many as fit, or not at all', async () => {
      const { project, ids } = await withTexts(...eight);
      const update = { source: { set: 'camera' } };
      const all = ids.map((id) => ({ id, update }));
      await expect(test.files.update(project, all)).rejects.toMatchObject({ code: 'answer-too-large' });
      const entries = await test.files.findEntries(project, all, KNOWN);
      expect(entries.map(({ source }) => source)).toEqual(ids.map(() => undefined));
      expect(await test.files.update(project, all.slice(0, 3))).toHaveLength(3);
      const smaller = { geoLocation: { setNull: true as const } };
      for (const id of ids) await test.files.update(project, [{ id, update: smaller }]);
      expect((await test.files.list(project, { limit: 100 })).items).toHaveLength(8);
    });

    it('are removed, however many', async () => {
      const { project, ids } = await withTexts(...eight);
      const removed = await test.files.remove(
        project,
        ids.map((id) => ({ id })),
        KNOWN,
      );
      expect(removed.map(({ id }) => id)).toEqual(ids);
    });
  });

  it('an update is refused that would make the files more than an answer has room for', async () => {
    const project = newProject();
    const positions = Array.from({ length: 10_000 }, (_, n) => [1e-300 * (n + 1), 1e-300]);
    const geoLocation = { type: 'Feature' as const, geometry: { type: 'MultiPoint' as const, coordinates: positions } };
    const ids = await Promise.all([1, 2, 3, 4].map(async () => (await create(project)).id));
    const updates = ids.map((id) => ({ id, update: { geoLocation: { set: geoLocation } } }));
    await expect(test.files.update(project, updates)).rejects.toMatchObject({ code: 'answer-too-large' });
    expect(await test.files.update(project, updates.slice(0, 2))).toHaveLength(2);
  });

  it('take about as many bytes of an answer as they are said to', async () => {
    const project = newProject();
    const file = await create(project, {
      externalId: 'an external id',
      directory: '/some/directory',
      source: 'camera',
      mimeType: 'image/jpeg',
      metadata: Object.fromEntries([...Array(100).keys()].map((n) => [`key ${n}`, 'a value with "quotes" and é'])),
      assetIds: [...Array(1000).keys()].map((n) => Number.MAX_SAFE_INTEGER - n),
      labels: [...Array(10).keys()].map((n) => ({ externalId: `label ${n}${'x'.repeat(200)}` })),
      securityCategories: [1, 2, 3],
      geoLocation: { type: 'Feature', geometry, properties: { note: 'x'.repeat(1000), list: [1.5, -2, 1e20] } },
    });
    const { rows } = await sql<{ record_bytes: number }>`
      select record_bytes from files where id = ${file.id}::bigint`.execute(test.database.kysely);
    const bytes = bytesOf(toWireFile(file));
    expect(rows[0]!.record_bytes).toBeGreaterThan(bytes);
    expect(rows[0]!.record_bytes).toBeLessThan(1.2 * bytes + 1000);
  });
});

const KNOWN = { ignoreUnknownIds: true };
