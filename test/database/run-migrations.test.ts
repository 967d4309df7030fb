import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open-database.ts';
import { runMigrations } from '../../src/database/run-migrations.ts';
import { DATABASE_KINDS, newLocation, newPostgresDatabase, openTestDatabase } from '../../testing/test-database.ts';

describe.each(DATABASE_KINDS)('migrations on %s', (kind) => {
  let place: Awaited<ReturnType<typeof newLocation>>;
  let database: Database;
  let folder: string;
  let number = 0;

  beforeAll(async () => {
    place = await newLocation(kind, { empty: true });
    database = await openDatabase(place.location);
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kontur-migrations-'));
    await sql`drop table if exists schema_migrations`.execute(database.kysely);
    number += 1;
    return () => rm(folder, { recursive: true });
  });

  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const migrate = () => runMigrations(database.kysely, pathToFileURL(`${folder}/`));
  const applied = async () =>
    (
      await sql<{ name: string }>`select name from schema_migrations order by version`.execute(database.kysely)
    ).rows.map(({ name }) => name);

  it('applies what is missing, in order, once', async () => {
    await write('0002-fill.sql', `insert into t${number} values (1); insert into t${number} values (2);`);
    await write('0001-create.sql', `create table t${number} (value integer primary key);`);
    await write('notes.txt', 'not a migration');
    await migrate();
    await migrate();
    await write('0003-more.sql', `insert into t${number} values (3)`);
    await migrate();
    expect(await applied()).toEqual(['0001-create.sql', '0002-fill.sql', '0003-more.sql']);
    const { rows } = await sql`select value from ${sql.table(`t${number}`)} order by value`.execute(database.kysely);
    expect(rows).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });

  it('applies all or none', async () => {
    await write('0001-create.sql', `create table t${number} (value integer);`);
    await write('0002-broken.sql', 'create table nothing (;');
    await expect(migrate()).rejects.toThrow('syntax error');
    await expect(sql`select * from ${sql.table(`t${number}`)}`.execute(database.kysely)).rejects.toThrow('not exist');
    await write('0002-broken.sql', 'select 1');
    await migrate();
    expect(await applied()).toEqual(['0001-create.sql', '0002-broken.sql']);
  });

  it('is safe to call from several servers at once', async () => {
    await write('0001-create.sql', `create table t${number} (value integer);`);
    await Promise.all([migrate(), migrate(), migrate()]);
    expect(await applied()).toEqual(['0001-create.sql']);
  });

  it('refuses a database of a newer version', async () => {
    await write('0001-create.sql', `create table t${number} (value integer);`);
    await write('0002-later.sql', 'select 1');
    await migrate();
    await rm(join(folder, '0002-later.sql'));
    await expect(migrate()).rejects.toThrow('written by a newer Kontur (it has 0002-later.sql');
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await write('0001-create.sql', `create table t${number} (value integer);`);
    await migrate();
    await write('0001-create.sql', `create table t${number} (value text);`);
    await expect(migrate()).rejects.toThrow('0001-create.sql differs');
  });
});

it('a server that is too old is refused before anything is written', async () => {
  const { url, remove } = await newPostgresDatabase({ empty: true });
  // No such server can be had: this one is made to say that it is one.
  const server = await openDatabase({ url });
  await sql`create function current_setting(text) returns text language sql as $$ select '120022' $$`.execute(
    server.kysely,
  );
  await server.close();
  const old = await openDatabase({ url: `${url}?options=${encodeURIComponent('-c search_path=public,pg_catalog')}` });
  await expect(runMigrations(old.kysely)).rejects.toThrow(
    'The PostgreSQL server has version 12, and Kontur needs 13 or newer. Upgrade it,',
  );
  const { rows } = await sql`select from information_schema.tables where table_schema = 'public'`.execute(old.kysely);
  expect(rows).toEqual([]);
  await old.close();
  await remove();
});

it('the product’s own migrations make the same tables on all', async () => {
  const tables = await Promise.all(
    DATABASE_KINDS.map(async (kind) => {
      const test = await openTestDatabase(kind);
      const { rows } = await sql<{ table: string; columns: string }>`
        select table_name as table,
          string_agg(concat_ws(' ', column_name, data_type, is_nullable, column_default), ', ' order by column_name) as columns
        from information_schema.columns where table_schema = 'public' group by table_name order by table_name`.execute(
        test.database.kysely,
      );
      await test.remove();
      return rows;
    }),
  );
  expect(tables[0]!.map(({ table }) => table)).toEqual(expect.arrayContaining(['files', 'jobs', 'schema_migrations']));
  for (const others of tables.slice(1)) expect(others).toEqual(tables[0]);
});
