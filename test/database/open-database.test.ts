import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open-database.ts';
import { randomId } from '../../src/database/random-id.ts';
import { DATABASE_KINDS, newLocation, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';

const newFile = (project: string, name = 'a.jpg') => ({
  id: randomId(),
  project,
  name,
  created_time: 1,
  last_updated_time: 1,
});

describe.each(DATABASE_KINDS)('a database on %s', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());

  it('answers a ping', async () => {
    await test.database.ping();
  });

  it('reads int8, arrays and jsonb as JavaScript values', async () => {
    const { rows } =
      await sql`select ${Number.MAX_SAFE_INTEGER}::bigint as id, array[1, 9007199254740991]::bigint[] as ids,
      array['a', 'b,"c"'] as texts, '{"a": [1]}'::jsonb as json, count(*) as count, null as nothing`.execute(
        test.database.kysely,
      );
    expect(rows).toEqual([
      {
        id: Number.MAX_SAFE_INTEGER,
        ids: [1, Number.MAX_SAFE_INTEGER],
        texts: ['a', 'b,"c"'],
        json: { a: [1] },
        count: 1,
        nothing: null,
      },
    ]);
  });

  it('writes arrays and jsonb, also where the JSON is a bare array', async () => {
    const row = { ...newFile('writes'), asset_ids: [1, 2], labels: ['it\'s "x"', ''], metadata: '{"k":"v"}' };
    const { kysely } = test.database;
    await kysely.insertInto('files').values(row).execute();
    const read = await kysely.selectFrom('files').selectAll().where('id', '=', row.id).executeTakeFirstOrThrow();
    expect(read).toMatchObject({ asset_ids: [1, 2], labels: ['it\'s "x"', ''], metadata: { k: 'v' } });
  });

  it('commits a transaction whole, and rolls it back when it throws', async () => {
    const { kysely } = test.database;
    const count = async (project: string) =>
      (await kysely.selectFrom('files').select('id').where('project', '=', project).execute()).length;
    await kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('files').values(newFile('committed')).execute();
      await transaction.insertInto('files').values(newFile('committed')).execute();
    });
    expect(await count('committed')).toBe(2);

    const failed = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('files').values(newFile('rolled-back')).execute();
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await count('rolled-back')).toBe(0);
  });

  it('goes on after a statement failed within a transaction', async () => {
    const { kysely } = test.database;
    const file = newFile('conflict');
    const failed = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('files').values(file).execute();
      await transaction.insertInto('files').values(file).execute();
    });
    await expect(failed).rejects.toMatchObject({ code: '23505', table: 'files' });
    await test.database.ping();
  });

  it('keeps what runs concurrently with a transaction out of it', async () => {
    const { kysely } = test.database;
    let outside: Promise<unknown[]> | undefined;
    await kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('files').values(newFile('beside')).execute();
      outside = kysely.selectFrom('files').select('id').where('project', '=', 'beside').execute();
      // PGlite has one connection, which the reader waits for; PostgreSQL shows the reader the state before.
      await (kind === 'PGlite' ? sleep(50) : outside);
    });
    expect(await outside).toHaveLength(kind === 'PGlite' ? 1 : 0);
  });
});

describe('an embedded database', () => {
  it('is there again after it was closed', async () => {
    const { location, remove } = await newLocation('PGlite', { empty: true });
    const first = await openDatabase(location);
    await sql`create table kept (value integer)`.execute(first.kysely);
    await sql`insert into kept values (7)`.execute(first.kysely);
    await first.close();
    const second = await openDatabase(location);
    expect((await sql`select value from kept`.execute(second.kysely)).rows).toEqual([{ value: 7 }]);
    await second.close();
    await remove();
  });

  it('throws where it cannot be opened, and releases the folder', async () => {
    const { location, remove } = await newLocation('PGlite', { empty: true });
    const folder = join((location as { dataDir: string }).dataDir, 'database');
    await writeFile(folder, 'not a folder');
    const failures: Error[] = [];
    await expect(openDatabase(location, { onFailure: (error) => failures.push(error) })).rejects.toThrow(Error);
    await rm(folder);
    const database = await openDatabase(location);
    await database.close();
    expect(failures).toEqual([]);
    await remove();
  });

  it('reports that its thread died: pending and later statements fail as unavailable', async () => {
    const { location, remove } = await newLocation('PGlite');
    const started = once(process, 'worker');
    const failures: Error[] = [];
    const database = await openDatabase(location, { onFailure: (error) => failures.push(error) });
    const [thread] = (await started) as [Worker];
    const pending = expect(sql`select pg_sleep(60)`.execute(database.kysely)).rejects.toMatchObject({
      code: 'unavailable',
    });
    await thread.terminate();
    await pending;
    await expect(database.ping()).rejects.toMatchObject({ code: 'unavailable' });
    expect(failures).toHaveLength(1);

    await database.close();
    const reopened = await openDatabase(location);
    await reopened.close();
    await remove();
  });
});
