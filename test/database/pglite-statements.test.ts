import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';

describe('statements that come to PGlite again and again', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase('PGlite');
  });
  afterAll(() => test.remove());

  const preparedTexts = async (part: string) => {
    const { rows } = await sql<{ statement: string }>`
      select statement from pg_prepared_statements where statement like ${`%${part}%`} and statement not like '%pg_prepared%'`.execute(
      test.database.kysely,
    );
    return rows.map(({ statement }) => statement);
  };

  it('are prepared the third time, with and without parameters', async () => {
    for (let run = 1; run <= 4; run++) {
      await sql`select ${run}::bigint as counted`.execute(test.database.kysely);
      await sql`select 1 as bare`.execute(test.database.kysely);
      const expected = run < 3 ? 0 : 1;
      expect(await preparedTexts('as counted')).toHaveLength(expected);
      expect(await preparedTexts('as bare')).toHaveLength(expected);
    }
  });

  it('take and give the same values as before', async () => {
    const values = sql<Record<string, unknown>>`
      select ${`it's \\ a "text"`}::text as text, ${Number.MAX_SAFE_INTEGER}::bigint as number, ${0.1}::float8 as fraction,
        ${true}::boolean as truth, ${null}::text as nothing, ${['a', `b'"\\,{}`]}::text[] as texts, ${[1, 2]}::bigint[] as numbers,
        ${{ a: ["it's"] }}::jsonb as json, ${new Date(1e12)}::timestamptz as moment, ${Buffer.from([0, 255])}::bytea as bytes`;
    const answers = [];
    for (let run = 0; run < 4; run++) answers.push((await values.execute(test.database.kysely)).rows);
    expect(answers[0]).toEqual([
      {
        text: `it's \\ a "text"`,
        number: Number.MAX_SAFE_INTEGER,
        fraction: 0.1,
        truth: true,
        nothing: null,
        texts: ['a', `b'"\\,{}`],
        numbers: [1, 2],
        json: { a: ["it's"] },
        moment: new Date(1e12),
        bytes: new Uint8Array([0, 255]),
      },
    ]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await preparedTexts('as moment')).toHaveLength(1);
  });

  it('count the rows that they change', async () => {
    const { kysely } = test.database;
    await sql`create table counted (number int)`.execute(kysely);
    for (let run = 0; run < 4; run++) {
      const inserted = await sql`insert into counted select generate_series(1, ${3}::int)`.execute(kysely);
      expect(inserted.numAffectedRows).toBe(3n);
    }
  });

  it('run as they are where SQL cannot prepare them, or they are several', async () => {
    for (let run = 0; run < 4; run++) {
      await sql`set work_mem = '4MB'`.execute(test.database.kysely);
      const { rows } = await sql`select 1 as first; select 2 as second`.execute(test.database.kysely);
      expect(rows).toEqual([{ second: 2 }]);
    }
  });

  it('fail with the same error as before, and run again after it', async () => {
    const divide = (by: number) =>
      sql<{ result: number }>`select 6 / ${by}::int as result`.execute(test.database.kysely);
    for (let run = 0; run < 4; run++) {
      await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
      expect((await divide(2)).rows).toEqual([{ result: 3 }]);
    }
  });
});
