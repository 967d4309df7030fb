import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatementNames, prepared } from '../../src/database/prepared-statements.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';

it('names statements that are marked, each text once, and no others', () => {
  const nameOf = createStatementNames('kept');
  expect(nameOf('select 1')).toBeUndefined();
  expect(nameOf('select 1 /* prepared */')).toBe('kept_1');
  expect(nameOf('select 2 /* prepared */')).toBe('kept_2');
  expect(nameOf('select 1 /* prepared */')).toBe('kept_1');
});

describe.each(DATABASE_KINDS)('prepared statements on %s', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());

  const echo = (text: string | null, number: number) => sql<{ text: string | null; number: number }>`
    select ${text}::text as text, ${number}::bigint as number ${prepared}`;
  const insert = (name: string) => sql`insert into secrets (name, value) values (${name}, '{}') ${prepared}`;
  const names = async () => {
    const rows = await test.database.kysely.selectFrom('secrets').select('name').orderBy('name').execute();
    return rows.map(({ name }) => name);
  };

  it('take every value as it is', async () => {
    for (const text of [`it's`, '\\', `\\'; drop table jobs --`, '"', '$1', '', 'ü\n', null]) {
      const { rows } = await echo(text, Number.MAX_SAFE_INTEGER).execute(test.database.kysely);
      expect(rows).toEqual([{ text, number: Number.MAX_SAFE_INTEGER }]);
    }
  });

  it('run inside and outside of transactions at the same time', async () => {
    const { kysely } = test.database;
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0
          ? insert(`both ${index}`).execute(kysely)
          : kysely.transaction().execute((transaction) => insert(`both ${index}`).execute(transaction)),
      ),
    );
    expect(await names()).toEqual(Array.from({ length: 10 }, (_, index) => `both ${index}`));
  });

  it('are there after the transaction that was the first to use them has failed', async () => {
    const { kysely } = test.database;
    await kysely.deleteFrom('secrets').execute();
    const insertTwice = (name: string) =>
      kysely.transaction().execute(async (transaction) => {
        const statement = sql`insert into secrets (value, name) values ('{}', ${name}) ${prepared}`;
        await statement.execute(transaction);
        await statement.execute(transaction);
      });
    await expect(insertTwice('a')).rejects.toMatchObject({ code: '23505' });
    await expect(insertTwice('b')).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual([]);
  });

  it('see a table that has changed since', async () => {
    const { kysely } = test.database;
    const count = () => sql<{ count: number }>`select count(*) as count from growing ${prepared}`.execute(kysely);
    await sql`create table growing as select generate_series(1, 5) as number`.execute(kysely);
    for (let run = 0; run < 8; run++) expect((await count()).rows).toEqual([{ count: 5 }]);
    await sql`alter table growing add column more text`.execute(kysely);
    await sql`create index on growing (number)`.execute(kysely);
    expect((await count()).rows).toEqual([{ count: 5 }]);
  });
});
