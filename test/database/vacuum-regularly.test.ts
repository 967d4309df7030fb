import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { vacuumRegularly } from '../../src/database/vacuum-regularly.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { until } from '../../testing/test-jobs.ts';

it('gives the space of deleted rows and of the log back until it is ended', async () => {
  const test = await openTestDatabase('PGlite');
  const { kysely } = test.database;
  const fillAndEmpty = async () => {
    await sql`insert into filled select repeat('x', 1000) from generate_series(1, 1000)`.execute(kysely);
    await sql`delete from filled`.execute(kysely);
  };
  const size = async () => {
    const { rows } = await sql<{ size: number }>`select pg_relation_size('filled') as size`.execute(kysely);
    return rows[0]!.size;
  };
  await sql`create table filled (text text)`.execute(kysely);
  await fillAndEmpty();
  expect(await size()).toBeGreaterThan(1_000_000);
  const end = vacuumRegularly(kysely, 20);
  await until(async () => (await size()) === 0);
  // Where a start after a kill would begin to read the log: it moves on with every checkpoint.
  const redo = async () => {
    const { rows } = await sql<{ redo: string }>`select redo_lsn::text as redo from pg_control_checkpoint()`.execute(
      kysely,
    );
    return rows[0]!.redo;
  };
  const before = await redo();
  await until(async () => (await redo()) !== before);

  end();
  await fillAndEmpty();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await size()).toBeGreaterThan(1_000_000);
  await test.remove();
});
