import { defined } from '#contract/defined';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { ANNOTATION_COLUMNS, type AnnotationRecord, toAnnotationRecord } from './annotation-record.ts';
import { annotationsTooLarge, inIdOrder, refuseDuplicateIds } from './name-annotations.ts';

/** Options of look-ups. */
export interface FindAnnotationsOptions {
  /** Leaves out annotations that do not exist, instead of refusing the look-up. */
  ignoreUnknownIds?: boolean;
  /** Finds deleted annotations that are still kept, and only those. */
  deleted?: boolean;
}

/**
 * Finds annotations of the project by id, in the given order.
 *
 * @throws KonturError `annotations-duplicated`, `answer-too-large`, `annotations-not-found`
 */
export async function findAnnotations(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  ids: readonly number[],
  { ignoreUnknownIds, deleted = false }: FindAnnotationsOptions = {},
): Promise<AnnotationRecord[]> {
  refuseDuplicateIds(ids);
  const named = kysely
    .selectFrom('annotations')
    .select(['id', 'id as place', 'record_bytes as bytes'])
    .where('project', '=', project)
    .where('id', 'in', ids)
    .where('deleted_time', deleted ? 'is not' : 'is', null);
  const rows = await kysely
    .selectFrom('annotations')
    .innerJoin(fittingRows(named), 'fitting.id', 'annotations.id')
    .select(ANNOTATION_COLUMNS)
    .select('fitting.wanted')
    .execute();
  if (rows.length > 0) {
    const { wanted } = defined(rows[0], 'row that was found');
    if (rows.length < wanted) throw annotationsTooLarge(wanted);
  }
  return inIdOrder(rows.map(toAnnotationRecord), ids, { ignoreUnknownIds });
}

/**
 * Finds the files of annotations of the project, for any number and size of them; unknown ones are left out.
 *
 * @throws KonturError `annotations-duplicated`
 */
export async function findFilesOfAnnotations(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  ids: readonly number[],
): Promise<{ id: number; fileId: number }[]> {
  refuseDuplicateIds(ids);
  return kysely
    .selectFrom('annotations')
    .select(['id', 'file_id as fileId'])
    .where('project', '=', project)
    .where('id', 'in', ids)
    .where('deleted_time', 'is', null)
    .execute();
}
