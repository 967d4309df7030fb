import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createDataSetStore } from '../../src/data-sets/data-set-store.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { runMigrations } from '../../src/database/run-migrations.ts';
import { createLabelStore } from '../../src/labels/label-store.ts';
import { DATABASE_KINDS, newLocation } from '../../testing/test-database.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const STEP = /-labels-and-data-sets\.sql$/;

describe.each(DATABASE_KINDS)('labels and data sets on %s', (kind) => {
  it('are defined for what files name already, and go on from there', async () => {
    const place = await newLocation(kind, { empty: true });
    const database = await openDatabase(place.location);
    const folder = await mkdtemp(path.join(tmpdir(), 'kontur-upgrade-'));
    const all = (await readdir(MIGRATIONS)).sort();
    for (const name of all.slice(
      0,
      all.findIndex((step) => STEP.test(step)),
    )) {
      await cp(fileURLToPath(new URL(name, MIGRATIONS)), path.join(folder, name));
    }
    await runMigrations(database.kysely, pathToFileURL(`${folder}/`));
    const long = 'x'.repeat(255);
    const file = (id: number, project: string, dataSetId: number | null, labels: string[] | null) =>
      sql`insert into files (id, project, name, data_set_id, labels, created_time, last_updated_time)
        values (${id}, ${project}, 'a', ${dataSetId}::bigint, ${labels}::text[], ${id}::bigint, ${id}::bigint)`.execute(
        database.kysely,
      );
    await file(1, 'north', 5, ['boat', long, '']);
    await file(2, 'north', 5, ['boat', 'boat']);
    await file(3, 'south', 5, null);
    await file(4, 'south', null, []);
    await runMigrations(database.kysely, MIGRATIONS);

    const dataSets = createDataSetStore({ database, now: () => 10 });
    const labels = createLabelStore({ database, now: () => 10 });
    const set = { id: 5, metadata: {}, writeProtected: false };
    expect(await dataSets.list('north', { limit: 10 })).toEqual({
      items: [{ ...set, createdTime: 1, lastUpdatedTime: 1 }],
    });
    expect(await dataSets.count('south', {})).toBe(1);
    expect((await labels.list('north', { limit: 10 })).items).toEqual([
      { externalId: '', name: 'label', createdTime: 1 },
      { externalId: 'boat', name: 'boat', createdTime: 1 },
      { externalId: long, name: 'x'.repeat(140), createdTime: 1 },
    ]);
    expect((await labels.list('south', { limit: 10 })).items).toEqual([]);

    const [made] = await dataSets.create('south', [{ externalId: 'new', metadata: { k: 'v' } }]);
    const update = { externalId: { set: 'other' }, metadata: { add: { l: 'w' } } };
    const [changed] = await dataSets.update('south', [{ externalId: 'new', update }]);
    expect(changed).toEqual({ ...made, externalId: 'other', metadata: { k: 'v', l: 'w' } });
    expect((await dataSets.list('south', { limit: 10, filter: { metadata: { l: 'w' } } })).items).toEqual([changed]);
    await labels.create('south', [{ externalId: 'boat', name: 'Boat', dataSetId: 5 }]);
    const filter = { name: 'Boat', externalIdPrefix: 'bo', dataSetIds: [5] };
    expect((await labels.list('south', { filter, limit: 1 })).items).toHaveLength(1);
    await expect(labels.create('south', [{ externalId: 'boat', name: 'b' }])).rejects.toThrow('exist already: boat');
    await labels.remove('south', ['boat'], () => {});
    expect(await labels.find('south', ['boat'])).toEqual({ found: [], missing: ['boat'] });
    await database.close();
    await place.remove();
    await rm(folder, { recursive: true });
  });
});
