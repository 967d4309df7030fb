import type { Database } from '../database/open-database.ts';

/** The ids of the write-protected data sets of a project. */
export async function listProtectedIds({ kysely }: Pick<Database, 'kysely'>, project: string): Promise<number[]> {
  const rows = await kysely
    .selectFrom('data_sets')
    .select('id')
    .where('project', '=', project)
    .where('write_protected', '=', true)
    .execute();
  return rows.map(({ id }) => id);
}
