import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { writeHistory } from './annotation-history.ts';
import type { AnnotationRecord } from './annotation-record.ts';
import { lockAnnotations, readLocked } from './lock-annotations.ts';

/**
 * Brings deleted annotations of the project back as they were: all or none, answered in the given order.
 *
 * @param by subject of the token of who restores them
 * @throws KonturError `annotations-duplicated`; `annotations-not-found` for ids that are not deleted, or were erased;
 *   `answer-too-large`
 */
export async function restoreAnnotations(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  ids: readonly number[],
  { by }: { by: string },
): Promise<AnnotationRecord[]> {
  return database.kysely.transaction().execute(async (transaction) => {
    const locked = await lockAnnotations(transaction, project, ids, { deleted: true });
    const time = now();
    await writeHistory(transaction, ids, { change: 'restored', by, time });
    await transaction
      .updateTable('annotations')
      .set({
        deleted_time: null,
        last_updated_time: sql`greatest(${time}::bigint, last_updated_time + 1)`,
        updated_by: by,
      })
      .where('id', 'in', ids)
      .execute();
    return readLocked(transaction, locked);
  });
}
