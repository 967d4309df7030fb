import type { Database } from './open-database.ts';

/**
 * Returns the secret that all processes on this database share under a name, made by `create` on first use. Processes
 * that start at the same time end up with the same secret.
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
