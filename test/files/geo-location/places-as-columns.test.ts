import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/open-database.ts';
import { runMigrations } from '../../../src/database/run-migrations.ts';
import { createPlaceFinder } from '../../../src/files/geo-location/place-finder.ts';
import { DATABASE_KINDS, newLocation } from '../../../testing/test-database.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');

describe.each(DATABASE_KINDS)('places that were written before they had columns, on %s', (kind) => {
  it('are found', async () => {
    const { location, remove } = await newLocation(kind, { empty: true });
    const older = await mkdtemp(join(tmpdir(), 'kontur-migrations-'));
    const database = await openDatabase(location);
    try {
      for (const name of await readdir(MIGRATIONS)) {
        if (name < '0012') await cp(join(MIGRATIONS, name), join(older, name));
      }
      await runMigrations(database.kysely, pathToFileURL(`${older}/`));
      const places = [
        { type: 'Point', coordinates: [1, 2] },
        {
          type: 'LineString',
          coordinates: [
            [1, 2],
            [30, 40],
          ],
        },
        null,
      ];
      for (const [index, geometry] of places.entries()) {
        const geoLocation = geometry && JSON.stringify({ type: 'Feature', geometry });
        await sql`
          insert into files (id, project, name, geo_location, created_time, last_updated_time)
          values (${index + 1}, 'demo', 'a.jpg', ${geoLocation}::jsonb, 0, 0)`.execute(database.kysely);
      }
      await runMigrations(database.kysely);
      const files = database.kysely.selectFrom('files').where('project', '=', 'demo');
      const shape = { type: 'Point' as const, coordinates: [1, 2] };
      const find = (relation: 'within' | 'intersects' | 'disjoint') =>
        createPlaceFinder({ database }).findAll(files, { relation, shape }, { client: 'a' });
      expect([await find('within'), await find('intersects'), await find('disjoint')]).toEqual([[1], [1, 2], []]);
      const rows = await files.select(['place_box', 'place_bytes']).orderBy('id').execute();
      expect(rows).toEqual([
        { place_box: '(1,2),(1,2)', place_bytes: 6 },
        { place_box: '(30,40),(1,2)', place_bytes: 18 },
        { place_box: null, place_bytes: null },
      ]);
    } finally {
      await database.close();
      await remove();
      await rm(older, { recursive: true });
    }
  });
});
