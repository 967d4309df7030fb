import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnnotationStore, createAnnotationStore } from '../../src/annotations/annotation-store.ts';
import type { NewAnnotation } from '../../src/annotations/create-annotations.ts';
import { createAnnotationSweeper, DELETED_ANNOTATION_MS } from '../../src/annotations/sweep-annotations.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

const BOX = { xMin: 0.1, xMax: 0.5, yMin: 0.2, yMax: 0.4 };
const TRIANGLE = [
  { x: 0.1, y: 0.1 },
  { x: 0.9, y: 0.1 },
  { x: 0.5, y: 0.9 },
];
const BY = { by: 'ann' };

describe.each(DATABASE_KINDS)('annotations on %s', (kind) => {
  let test: TestFiles;
  let store: AnnotationStore;
  let project: string;
  let fileId: number;
  beforeAll(async () => {
    test = await openTestFiles(kind);
    store = createAnnotationStore({ database: test.database, now: () => test.clock.time });
  });
  afterAll(() => test?.remove());
  beforeEach(async () => {
    project = newProject();
    fileId = (await test.files.create(project, { name: 'a.jpg', dataSetId: 7 }, { overwrite: false })).id;
  });

  const box = (label: string, more: Partial<NewAnnotation> = {}): NewAnnotation => ({
    fileId,
    annotationType: 'images.ObjectDetection',
    status: 'approved',
    data: { label, boundingBox: BOX },
    creatingApp: 'test',
    creatingAppVersion: '1',
    creatingUser: null,
    ...more,
  });
  const polygon = (label: string, more: Partial<NewAnnotation> = {}) =>
    box(label, { data: { label, polygon: { vertices: TRIANGLE } }, ...more });
  const labelsOf = (records: { data: Record<string, unknown> }[]) => records.map(({ data }) => data.label);

  it('creates them and reads them back the same, in the order asked for', async () => {
    const outline = [[TRIANGLE, [TRIANGLE[0]!, TRIANGLE[1]!, { x: 0.5, y: 0.5 }]]];
    const origin = { jobId: 5, segment: 0 };
    const created = await store.create(
      project,
      [box('a', { creatingUser: 'me' }), polygon('b', { outline, byHand: true, origin })],
      BY,
    );
    expect(created).toMatchObject([
      { creatingUser: 'me', outline: null, byHand: false, origin: null, createdBy: 'ann', updatedBy: 'ann' },
      { creatingUser: null, outline, byHand: true, origin, createdTime: test.clock.time, deletedTime: null },
    ]);
    expect(await store.find(project, created.map(({ id }) => id).reverse())).toEqual(created.toReversed());
  });

  it('creates all or none', async () => {
    const wrong = box('b', { data: { label: 'b' } });
    await expect(store.create(project, [box('a'), wrong], BY)).rejects.toThrow(
      'items[1].data must have exactly one of',
    );
    await expect(store.create(project, [box('a'), box('b', { fileId: 1 })], BY)).rejects.toMatchObject({
      code: 'files-not-found',
      details: { missing: [{ id: 1 }] },
    });
    await expect(store.create(newProject(), [box('a')], BY)).rejects.toMatchObject({ code: 'files-not-found' });
    await expect(store.create(project, [box('a\0')], BY)).rejects.toThrow('items.0.data.label holds a character');
    expect(await store.list(project, { limit: 10 })).toEqual({ items: [] });
  });

  it('refuses numbers that the database would write with more digits than a body may have', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [index, { type: 'numerical', value: 1e300 }]),
    );
    const one = box('a', { data: { label: 'a', boundingBox: BOX, attributes } });
    const [created] = await store.create(project, [one], BY);
    expect(await store.find(project, [created!.id])).toEqual([created]);
    await expect(store.create(project, Array(60).fill(one), BY)).rejects.toMatchObject({ code: 'body-too-large' });
  });

  it('finds none of another project, none that are unknown, and none twice', async () => {
    const [a] = await store.create(project, [box('a')], BY);
    await expect(store.find(newProject(), [a!.id])).rejects.toMatchObject({
      code: 'annotations-not-found',
      details: { missing: [{ id: a!.id }] },
    });
    await expect(store.find(project, [a!.id, 3])).rejects.toMatchObject({ details: { missing: [{ id: 3 }] } });
    expect(await store.find(project, [3, a!.id], { ignoreUnknownIds: true })).toEqual([a]);
    await expect(store.find(project, [3, 3])).rejects.toMatchObject({
      code: 'annotations-duplicated',
      details: { duplicated: [{ id: 3 }] },
    });
  });

  describe('lists', () => {
    let all: number[];
    beforeEach(async () => {
      const link = (ref: object, user: string | null): NewAnnotation =>
        box('', {
          annotationType: 'images.AssetLink',
          status: 'suggested',
          creatingUser: user,
          data: { assetRef: ref, text: 'P-1', textRegion: BOX, objectRegion: { boundingBox: BOX } },
        });
      const created = await store.create(
        project,
        [
          box('Boat', { creatingApp: 'other' }),
          polygon('boat', { creatingAppVersion: '2' }),
          link({ id: 8 }, 'me'),
          link({ externalId: 'x' }, null),
        ],
        BY,
      );
      all = created.map(({ id }) => id);
    });
    const listed = async (filter: object, visibility?: object) => {
      const { items } = await store.list(project, { filter, limit: 10 }, visibility);
      return items.map(({ id }) => all.indexOf(id)).sort();
    };

    it.each<[object, number[]]>([
      [{}, [0, 1, 2, 3]],
      [{ annotationType: 'images.AssetLink' }, [2, 3]],
      [{ status: 'approved' }, [0, 1]],
      [{ creatingApp: 'other' }, [0]],
      [{ creatingAppVersion: '2' }, [1]],
      [{ creatingUser: 'me' }, [2]],
      [{ creatingUser: null }, [0, 1, 3]],
      [{ label: 'boat' }, [1]],
      [{ data: {} }, [0, 1, 2, 3]],
      [{ data: { label: 'Boat' } }, [0]],
      [{ data: { assetRef: {} } }, [2, 3]],
      [{ data: { assetRef: { id: 8 } } }, [2]],
      [{ data: { text: 'P-1', assetRef: { externalId: 'x' } } }, [3]],
      [{ data: { boundingBox: { xMin: 0.1 } } }, [0]],
      [{ data: { objectRegion: { boundingBox: { xMin: 0.1 } }, text: 'P-1' } }, [2, 3]],
      [{ data: { boundingBox: { xMin: 0.2 } } }, []],
      [{ data: { assetRef: { id: '8' } } }, []],
      [{ dataSetIds: [7] }, [0, 1, 2, 3]],
      [{ dataSetIds: [8] }, []],
      [{ fileIds: [1] }, []],
      [{ fileIds: [] }, []],
    ])('those that meet %j', async (filter, expected) => {
      expect(await listed(filter)).toEqual(expected);
    });

    it('only those on files of the data sets that the reader may read', async () => {
      expect(await listed({}, { dataSetIds: [1, 7] })).toEqual([0, 1, 2, 3]);
      expect(await listed({}, { dataSetIds: [1] })).toEqual([]);
    });

    it.each(['id', 'newest'] as const)('page by page, by %s', async (order) => {
      test.clock.time += 10;
      await store.change(project, [{ id: all[1]!, status: 'rejected' }], BY);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(project, { limit: 3, cursor, order });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        expect(cursor?.length ?? 0).toBeLessThanOrEqual(255);
      } while (cursor !== undefined);
      const ascending = all.toSorted((a, b) => a - b);
      const newest = [all[1]!, ...ascending.toReversed().filter((id) => id !== all[1])];
      expect(seen).toEqual(order === 'id' ? ascending : newest);
      const first = await store.list(project, { limit: 3, order });
      const other = order === 'id' ? 'newest' : 'id';
      for (const query of [{ order, filter: { label: 'boat' } }, { order: other as typeof order }]) {
        await expect(store.list(project, { limit: 1, cursor: first.nextCursor, ...query })).rejects.toThrow('cursor');
      }
    });

    it('all of them as a stream', async () => {
      await store.create(project, Array(450).fill(box('many')), BY);
      let count = 0;
      const sizes: number[] = [];
      for await (const page of store.stream(project, { label: 'many' })) {
        sizes.push(page.length);
        count += page.length;
      }
      expect([count, Math.max(...sizes)]).toEqual([450, 200]);
    });
  });

  describe('changes', () => {
    const outline = [[TRIANGLE]];

    it('what is given, and the time in any case', async () => {
      const [before] = await store.create(project, [polygon('a', { outline })], BY);
      const [same] = await store.change(project, [{ id: before!.id }], { by: 'bob' });
      expect(same).toEqual({ ...before, lastUpdatedTime: before!.lastUpdatedTime + 1, updatedBy: 'bob' });
      test.clock.time += 1000;
      const [after] = await store.change(project, [{ id: before!.id, status: 'rejected', byHand: true }], BY);
      expect(after).toEqual({ ...before, status: 'rejected', byHand: true, lastUpdatedTime: test.clock.time });
      expect(await store.find(project, [before!.id])).toEqual([after]);
    });

    it('the outline with the polygon only', async () => {
      const [a] = await store.create(project, [polygon('a', { outline })], BY);
      const change = async (more: object) => (await store.change(project, [{ id: a!.id, ...more }], BY))[0]!;
      const renamed = await change({ data: { label: 'b', polygon: { vertices: TRIANGLE } } });
      expect(renamed).toMatchObject({ outline, data: { label: 'b' } });
      expect(await change({ data: { label: 'b', boundingBox: BOX } })).toMatchObject({ outline: null });
      expect(await change({ data: { label: 'b', polygon: { vertices: TRIANGLE } }, outline })).toMatchObject({
        outline,
      });
      expect(await change({ outline: null })).toMatchObject({ outline: null });
    });

    it('the type with data that fits it', async () => {
      const [a] = await store.create(project, [box('a')], BY);
      const change = (more: object) => store.change(project, [{ id: a!.id, ...more }], BY);
      const classification = { annotationType: 'images.Classification' };
      await expect(change(classification)).rejects.toThrow(`data of the annotation ${a!.id} has no key "boundingBox"`);
      expect(await change({ ...classification, data: { label: 'b' } })).toMatchObject([
        { ...classification, data: { label: 'b' } },
      ]);
      await expect(change({ data: { label: 'b', boundingBox: BOX } })).rejects.toThrow(
        'items[0].update.data.set has no key',
      );
    });

    it('all or none', async () => {
      const [a, b] = await store.create(project, [box('a'), box('b')], BY);
      const good = { id: a!.id, status: 'rejected' as const };
      for (const bad of [{ id: 3 }, { id: b!.id, data: {} }, { id: a!.id }, { id: b!.id, lastUpdatedTime: 1 }]) {
        await expect(store.change(project, [good, bad], BY)).rejects.toMatchObject({ name: /KonturError|Changed/ });
      }
      expect(await store.find(project, [a!.id, b!.id])).toEqual([a, b]);
    });

    it('nothing that has changed since it was read', async () => {
      const [a] = await store.create(project, [box('a')], BY);
      const { id, lastUpdatedTime } = a!;
      const writers = [1, 2, 3, 4].map((number) =>
        store.change(project, [{ id, lastUpdatedTime, data: { label: `${number}`, boundingBox: BOX } }], BY),
      );
      const ends = await Promise.allSettled(writers);
      const [won, ...others] = ends.filter(({ status }) => status === 'fulfilled');
      expect(others).toEqual([]);
      const [now] = await store.find(project, [id]);
      expect((won as PromiseFulfilledResult<unknown>).value).toEqual([now]);
      const lost = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(lost.reason).toMatchObject({ code: 'changed-meanwhile', current: [now] });
      await store.change(project, [{ id, lastUpdatedTime: now!.lastUpdatedTime, status: 'rejected' }], BY);
    });
  });

  it('deletes them for every reader, and brings them back as they were', async () => {
    const [a, b] = await store.create(project, [polygon('a', { outline: [[TRIANGLE]] }), box('b')], BY);
    const ids = [a!.id, b!.id];
    await expect(store.remove(project, [...ids, 3], BY)).rejects.toMatchObject({ details: { missing: [{ id: 3 }] } });
    await store.remove(project, ids, { by: 'bob' });
    await expect(store.find(project, ids)).rejects.toMatchObject({ details: { missing: ids.map((id) => ({ id })) } });
    expect(await store.list(project, { limit: 10 })).toEqual({ items: [] });
    expect(await store.find(project, ids, { deleted: true })).toMatchObject([{ id: a!.id }, { id: b!.id }]);
    const gone = { code: 'annotations-not-found' };
    await expect(store.remove(project, ids, BY)).rejects.toMatchObject(gone);
    await expect(store.change(project, [{ id: a!.id }], BY)).rejects.toMatchObject(gone);
    const restored = await store.restore(project, ids, BY);
    expect(restored).toMatchObject([a, b].map((record) => ({ ...record, lastUpdatedTime: expect.any(Number) })));
    expect(restored[0]!.lastUpdatedTime).toBeGreaterThan(a!.lastUpdatedTime);
    expect(labelsOf((await store.list(project, { limit: 10 })).items).sort()).toEqual(['a', 'b']);
    await expect(store.restore(project, ids, BY)).rejects.toMatchObject({ code: 'annotations-not-found' });
  });

  it('keeps what happened to each, the newest hundred changes', async () => {
    const [a, b] = await store.create(project, [box('a'), box('b')], BY);
    await store.change(project, [{ id: a!.id, status: 'rejected' }], { by: 'bob' });
    await store.remove(project, [a!.id], { by: 'eve' });
    await store.restore(project, [a!.id], { by: 'ann' });
    const { status, annotationType, data, outline } = a!;
    const before = { status, annotationType, data, outline };
    const rejected = { ...before, status: 'rejected' };
    expect(await store.readHistory(project, a!.id)).toEqual(
      [
        { by: 'ann', change: 'restored', before: rejected },
        { by: 'eve', change: 'deleted', before: rejected },
        { by: 'bob', change: 'updated', before },
        { by: 'ann', change: 'created', before: null },
      ].map((entry) => ({ ...entry, time: test.clock.time })),
    );
    for (let count = 0; count < 100; count++) await store.change(project, [{ id: a!.id }], { by: `${count}` });
    const history = await store.readHistory(project, a!.id);
    expect(history.map(({ by }) => by)).toEqual(Array.from({ length: 100 }, (_, index) => `${99 - index}`));
    expect(await store.readHistory(project, b!.id)).toHaveLength(1);
    expect(await store.readHistory(newProject(), a!.id)).toEqual([]);
  });

  it('erases deleted ones after a while', async () => {
    const created = await store.create(project, [box('a'), box('b'), box('c')], BY);
    const [a, b, c] = created.map(({ id }) => id) as [number, number, number];
    await store.remove(project, [a], BY);
    test.clock.time += 1;
    await store.remove(project, [b], BY);
    const now = () => test.clock.time + DELETED_ANNOTATION_MS;
    const sweeper = createAnnotationSweeper({ database: test.database, logger: createLogger('silent'), now });
    await sweeper.sweep();
    await expect(store.restore(project, [a], BY)).rejects.toMatchObject({ code: 'annotations-not-found' });
    expect(await store.readHistory(project, a)).toEqual([]);
    await store.restore(project, [b], BY);
    expect(await store.find(project, [b, c])).toHaveLength(2);
  });

  it('finds files by their annotations, those alone that may be read', async () => {
    const names = ['b.jpg', 'c.jpg', 'd.jpg'];
    const others = await Promise.all(
      names.map((name) => test.files.create(project, { name, externalId: name }, { overwrite: false })),
    );
    const [b, c, d] = others.map(({ id }) => id) as [number, number, number];
    await store.create(
      project,
      [b, b, c, d].map((id) => box('pump', { fileId: id })),
      BY,
    );
    const find = (query: object, mayRead = (_: { id: number }) => true) =>
      store.findFiles(project, { filter: { data: { label: 'pump' } }, limit: 10, ...query }, mayRead);
    const ascending = [b, c, d].sort((one, other) => one - other);
    const all = await find({});
    expect(all.items.map(({ id }) => id)).toEqual(ascending);
    expect(all).toMatchObject({ items: all.items.map(({ externalId }) => ({ externalId })) });
    const first = await find({ limit: 2 });
    expect(first.items).toEqual(all.items.slice(0, 2));
    expect(await find({ limit: 2, cursor: first.nextCursor })).toEqual({ items: all.items.slice(2) });
    await expect(find({ filter: {}, cursor: first.nextCursor })).rejects.toThrow('cursor');
    expect((await find({}, ({ id }) => id !== c)).items).not.toContainEqual(expect.objectContaining({ id: c }));
    expect(await find({ filter: { data: { label: 'pum' } } })).toEqual({ items: [] });
  });

  it('loses them with their file, also deleted ones and the history', async () => {
    const [a, b] = await store.create(project, [box('a'), box('b')], BY);
    await store.remove(project, [b!.id], BY);
    await test.files.remove(project, [{ id: fileId }], { ignoreUnknownIds: false });
    await expect(store.find(project, [a!.id])).rejects.toMatchObject({ code: 'annotations-not-found' });
    expect(await store.find(project, [b!.id], { deleted: true, ignoreUnknownIds: true })).toEqual([]);
    for (const { id } of [a!, b!]) expect(await store.readHistory(project, id)).toEqual([]);
    await expect(store.create(project, [box('a')], BY)).rejects.toMatchObject({ code: 'files-not-found' });
  });
});
