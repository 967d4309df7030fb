import type { Database } from './open-database.ts';

/**
 * The secret that every process on this database has under a name, made by `create` on first use. Processes that start at once
 * end up with the same one.
 */
export async function sharedSecret<T>(
  { kysely }: Pick<Database, 'kysely'>,
  name: string,
  create: () => T | Promise<T>,
): Promise<T> {
  const kept = await readSharedSecret<T>({ kysely }, name);
  if (kept !== undefined) return kept;
  await kysely
    .insertInto('secrets')
    .values({ name, value: JSON.stringify(await create()) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await readSharedSecret<T>({ kysely }, name)) as T;
}

async function readSharedSecret<T>({ kysely }: Pick<Database, 'kysely'>, name: string): Promise<T | undefined> {
  const row = await kysely.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value as T | undefined;
}
