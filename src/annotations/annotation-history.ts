import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/open-database.ts';
import type { AnnotationBefore, AnnotationHistoryTable, Schema } from '../database/schema.ts';

/** What happened to an annotation. */
export type AnnotationChangeKind = AnnotationHistoryTable['change'];

/** One change of an annotation. */
export interface AnnotationHistoryEntry {
  /** Milliseconds since 1970-01-01 UTC. */
  time: number;
  /** Subject of the token. */
  by: string;
  change: AnnotationChangeKind;
  /** What the change replaced; null for a creation. */
  before: AnnotationBefore | null;
}

/** Most changes that are kept of an annotation: the latest. */
export const MOST_CHANGES_KEPT = 100;

/**
 * Records a change of annotations, with what they are now, before the transaction writes it. Of each annotation the
 * newest `MOST_CHANGES_KEPT` changes are kept.
 *
 * @param time in milliseconds since 1970-01-01 UTC
 */
export async function writeHistory(
  transaction: Transaction<Schema>,
  ids: readonly number[],
  { change, by, time }: { change: Exclude<AnnotationChangeKind, 'created'>; by: string; time: number },
): Promise<void> {
  await sql`
    insert into annotation_history (project, annotation_id, time, by, change, before)
    select project, id, ${time}::bigint, ${by}::text, ${change}::text, jsonb_build_object(
      'status', status, 'annotationType', annotation_type, 'data', data, 'outline', outline)
    from annotations where id = any(${[...ids]}::bigint[])`.execute(transaction);
  await sql`
    delete from annotation_history where position in (
      select position from (
        select position, row_number() over (partition by annotation_id order by position desc) as number
        from annotation_history where annotation_id = any(${[...ids]}::bigint[])
      ) as numbered where number > ${MOST_CHANGES_KEPT}::bigint)`.execute(transaction);
}

/** Records that annotations were created, after the transaction has written them. */
export async function writeCreation(
  transaction: Transaction<Schema>,
  ids: readonly number[],
  { by, time }: { by: string; time: number },
): Promise<void> {
  await sql`
    insert into annotation_history (project, annotation_id, time, by, change)
    select project, id, ${time}::bigint, ${by}::text, 'created'
    from annotations where id = any(${[...ids]}::bigint[])`.execute(transaction);
}

/** Reads the changes of an annotation that are kept, newest first; of a deleted one too. */
export async function readHistory(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  id: number,
): Promise<AnnotationHistoryEntry[]> {
  return kysely
    .selectFrom('annotation_history')
    .select(['time', 'by', 'change', 'before'])
    .where('project', '=', project)
    .where('annotation_id', '=', id)
    .orderBy('position', 'desc')
    .execute();
}
