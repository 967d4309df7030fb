import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GeoLocationFilter, Geometry } from '#contract/files/geo-location';
import { countFiles } from '../../../src/files/count-files.ts';
import { createPlaceFinder } from '../../../src/files/geo-location/place-finder.ts';
import { listFiles } from '../../../src/files/list-files.ts';
import { searchFiles } from '../../../src/files/search-files.ts';
import { newProject, openTestFiles, type TestFiles } from '../../../testing/test-files.ts';
import { slivers, zigzag } from './costly-shapes.ts';

let test: TestFiles;
beforeAll(async () => {
  test = await openTestFiles('PGlite');
}, 60_000);
afterAll(() => test?.remove());

const COSTLY: GeoLocationFilter = { relation: 'within', shape: slivers(248) };
/** Which a zigzag crosses at once. */
const BOX = slivers(1);
const POINT: Geometry = { type: 'Point', coordinates: [5, 5] };

/** A project with so many files that are all found by the costly filter. */
async function projectOf(count: number, geometry: Geometry): Promise<string> {
  const project = newProject();
  for (let index = 0; index < count; index++) {
    const geoLocation = { type: 'Feature' as const, geometry };
    await test.files.create(project, { name: `${index}.jpg`, geoLocation }, { overwrite: false });
  }
  return project;
}

/** How long something takes, and the longest that the event loop stood still meanwhile, both in milliseconds. */
async function measure(action: () => Promise<unknown>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  // The histogram starts with the first round of the loop.
  await sleep(10);
  delay.enable();
  await sleep(10);
  delay.reset();
  const began = performance.now();
  await action();
  const took = performance.now() - began;
  delay.disable();
  return { took, longestDelay: delay.max / 1e6 };
}

describe('a filter that costs much', () => {
  it('leaves the event loop to others all the time', async () => {
    const project = await projectOf(1, zigzag(10_000));
    const { took, longestDelay } = await measure(() => test.files.count(project, { geoLocation: COSTLY }));
    expect(longestDelay).toBeLessThan(took / 4);
  });

  it('ends when its client goes', async () => {
    const project = await projectOf(2, zigzag(2000));
    const filter = { geoLocation: COSTLY };
    const whole = await measure(() => test.files.count(project, filter));
    const gone = new AbortController();
    const counting = test.files.count(project, filter, { signal: gone.signal });
    const ended = counting.then(
      () => 'counted',
      (error: unknown) => error,
    );
    await sleep(whole.took / 20);
    const before = performance.now();
    gone.abort(new Error('gone'));
    expect(await ended).toMatchObject({ message: 'gone' });
    expect(performance.now() - before).toBeLessThan(whole.took / 4);
  });

  it('does not hold up that of another client', async () => {
    const [project, other] = [await projectOf(1, zigzag(2000)), await projectOf(1, POINT)];
    const ended: string[] = [];
    const gone = new AbortController();
    const count = async (where: string, subject: string) => {
      await test.files.count(where, { geoLocation: COSTLY }, { subject, signal: gone.signal });
      ended.push(subject);
    };
    const flood = Array.from({ length: 8 }, () => count(project, 'flood').catch(() => {}));
    await sleep(5);
    await count(other, 'other');
    gone.abort();
    await Promise.all(flood);
    expect(ended).toEqual(['other']);
  });

  it('of a client that asks for too many at once is refused', async () => {
    const project = await projectOf(1, zigzag(20));
    const counts = Array.from({ length: 120 }, () => test.files.count(project, { geoLocation: COSTLY }));
    const settled = await Promise.allSettled(counts);
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(19);
    expect(refused[0]).toMatchObject({ code: 'busy', details: { retryAfterSeconds: 2 } });
  });
});

describe('a filter that costs more than one request may', () => {
  const stores = () => {
    const { database } = test;
    return { database, places: createPlaceFinder({ database, mostSteps: 200_000 }) };
  };

  it('is refused where there are no pages, and says what to do', async () => {
    const project = await projectOf(5, zigzag(100));
    const refusal = { code: 'invalid-request', message: expect.stringContaining('Give a shape of fewer positions') };
    await expect(countFiles(stores(), project, { geoLocation: COSTLY })).rejects.toMatchObject(refusal);
    const search = searchFiles(stores(), project, { filter: { geoLocation: COSTLY }, limit: 1 });
    await expect(search).rejects.toMatchObject(refusal);
    expect(await countFiles(stores(), project, { geoLocation: { relation: 'intersects', shape: POINT } })).toBe(0);
  });

  it.each(['within', 'intersects', 'disjoint'] as const)(
    'ends the page of a list before it is full: %s',
    async (relation) => {
      const project = await projectOf(7, zigzag(100));
      const { items: all } = await test.files.list(project, { limit: 100 });
      const geoLocation = { ...COSTLY, relation };
      const sizes: number[] = [];
      const found: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await listFiles(stores(), project, { filter: { geoLocation }, limit: 100, cursor });
        sizes.push(page.items.length);
        found.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(found).toEqual(relation === 'disjoint' ? [] : all.map(({ id }) => id));
      if (relation === 'within') expect(sizes.length).toBeGreaterThan(3);
    },
  );
});

describe('what a filter reads', () => {
  it('is a few large places at a time, and many small ones', async () => {
    const project = await projectOf(3, zigzag(9000));
    const statements: unknown[] = [];
    const database = {
      ...test.database,
      kysely: test.database.kysely.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          statements.push(...result.rows.map((row) => Object.keys(row)).slice(0, 1), result.rows.length);
          return result;
        },
      }),
    };
    const places = createPlaceFinder({ database });
    const files = test.database.kysely.selectFrom('files').where('project', '=', project);
    expect(await places.findAll(files, { relation: 'intersects', shape: BOX }, { client: 'a' })).toHaveLength(3);
    expect(statements).toEqual([
      ['id', 'type', 'coordinates'],
      1,
      ['id', 'type', 'coordinates'],
      1,
      ['id', 'type', 'coordinates'],
      1,
    ]);
  });

  it('need not be a place: an earlier version took anything', async () => {
    const project = await projectOf(2, POINT);
    const { items } = await test.files.list(project, { limit: 1 });
    const strange = { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[5, 5], [[5, 5]]] } };
    await sql`update files set geo_location = ${JSON.stringify(strange)}::jsonb where id = ${items[0]!.id}`.execute(
      test.database.kysely,
    );
    for (const [relation, count] of [
      ['within', 1],
      ['intersects', 1],
      ['disjoint', 0],
    ] as const) {
      expect(await test.files.count(project, { geoLocation: { ...COSTLY, relation } })).toBe(count);
    }
    expect((await test.files.list(project, { limit: 10 })).items).toHaveLength(2);
  });
});
