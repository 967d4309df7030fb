import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { writeHistory } from './annotation-history.ts';
import { lockAnnotations } from './lock-annotations.ts';

/**
 * Deletes annotations of the project, all or none. They are kept for a while, so that `restoreAnnotations` can bring
 * them back (sweep-annotations.ts).
 *
 * @param by subject of the token of who deletes them
 * @throws KonturError `annotations-duplicated`, `annotations-not-found`
 */
export async function deleteAnnotations(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  ids: readonly number[],
  { by }: { by: string },
): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    await lockAnnotations(transaction, project, ids);
    const time = now();
    await writeHistory(transaction, ids, { change: 'deleted', by, time });
    await transaction
      .updateTable('annotations')
      .set({
        deleted_time: time,
        last_updated_time: sql`greatest(${time}::bigint, last_updated_time + 1)`,
        updated_by: by,
      })
      .where('id', 'in', ids)
      .execute();
  });
}
