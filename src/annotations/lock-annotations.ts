import type { Transaction } from 'kysely';
import { MAX_ANSWER_BYTES } from '#contract/limits';
import type { Schema } from '../database/schema.ts';
import { ANNOTATION_COLUMNS, type AnnotationRecord, toAnnotationRecord } from './annotation-record.ts';
import { annotationsTooLarge, inIdOrder, refuseDuplicateIds } from './name-annotations.ts';

/**
 * Locks annotations of the project for a transaction that changes them.
 *
 * @param deleted locks deleted ones that are still kept, and only those
 * @returns the bytes that each takes in an answer, in the order of the ids
 * @throws KonturError `annotations-duplicated`, `annotations-not-found`
 */
export async function lockAnnotations(
  transaction: Transaction<Schema>,
  project: string,
  ids: readonly number[],
  { deleted = false }: { deleted?: boolean } = {},
): Promise<{ id: number; bytes: number }[]> {
  refuseDuplicateIds(ids);
  const rows = await transaction
    .selectFrom('annotations')
    .select(['id', 'record_bytes as bytes'])
    .where('project', '=', project)
    .where('id', 'in', ids)
    .where('deleted_time', deleted ? 'is not' : 'is', null)
    // In one order, so that two transactions wait for each other instead of deadlocking.
    .orderBy('id')
    .forUpdate()
    .execute();
  return inIdOrder(rows, ids);
}

/**
 * Reads annotations that the transaction has locked, in that order.
 *
 * @throws KonturError `answer-too-large`
 */
export async function readLocked(
  transaction: Transaction<Schema>,
  locked: { id: number; bytes: number }[],
): Promise<AnnotationRecord[]> {
  const ids = locked.map(({ id }) => id);
  if (locked.length > 1 && locked.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_ANSWER_BYTES) {
    throw annotationsTooLarge(locked.length);
  }
  const rows = await transaction.selectFrom('annotations').select(ANNOTATION_COLUMNS).where('id', 'in', ids).execute();
  return inIdOrder(rows.map(toAnnotationRecord), ids);
}
