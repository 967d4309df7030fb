import { type SqlBool, sql } from 'kysely';
import { defined } from '#contract/defined';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { decodePosition, encodePosition } from '../files/page-cursor.ts';
import { type AnnotationFilter, type AnnotationVisibility, annotationConditions } from './annotation-conditions.ts';
import { ANNOTATION_COLUMNS, type AnnotationRecord, toAnnotationRecord } from './annotation-record.ts';

/** A page of annotations; `nextCursor` is absent on the last one. */
export interface AnnotationPage {
  items: AnnotationRecord[];
  nextCursor?: string;
}

/** What to list. `cursor` comes from the page before, for the same project, filter and order. */
export interface AnnotationListQuery {
  filter?: AnnotationFilter;
  /** By ascending id, the latest change first, or those of one file after the other. */
  order?: 'id' | 'newest' | 'file';
  limit: number;
  cursor?: string;
}

/**
 * Lists annotations of a project. In the order of ids, annotations created while a client pages neither hide nor repeat
 * others; newest first, one that is changed meanwhile moves to the front. A page has fewer annotations than `limit`
 * without being the last if more do not fit in one answer.
 *
 * @throws KonturError `invalid-request` for a cursor of another list, and as `annotationConditions` does
 */
export async function listAnnotations(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  { filter = {}, order = 'id', limit, cursor }: AnnotationListQuery,
  visibility: AnnotationVisibility = {},
): Promise<AnnotationPage> {
  const query = { project, filter, order };
  const { sorting, length } = ORDERS[order];
  const wanted = kysely
    .selectFrom('annotations')
    .where(annotationConditions(project, filter, visibility))
    .where(startsAfter(cursor === undefined ? undefined : decodePosition(query, cursor, length), order))
    .select(['id', 'record_bytes as bytes', sql<number>`row_number() over (order by ${sorting})`.as('place')])
    .orderBy(sorting)
    // One row more than the limit tells whether there is another page.
    .limit(limit + 1);
  const rows = await kysely
    .selectFrom('annotations')
    .innerJoin(fittingRows(wanted), 'fitting.id', 'annotations.id')
    .select(ANNOTATION_COLUMNS)
    .select('fitting.wanted')
    .orderBy('fitting.place')
    .execute();
  const items = rows.slice(0, limit).map(toAnnotationRecord);
  if ((rows[0]?.wanted ?? 0) === items.length) return { items };
  const { id, lastUpdatedTime, fileId } = defined(items.at(-1), 'last annotation of the page');
  const position = { id: [id], newest: [lastUpdatedTime, id], file: [fileId, id] };
  return { items, nextCursor: encodePosition(query, position[order]) };
}

/** Columns to sort by, and how many numbers the position of an annotation has. */
const ORDERS = {
  id: { sorting: sql`id`, length: 1 },
  newest: { sorting: sql`last_updated_time desc, id desc`, length: 2 },
  file: { sorting: sql`file_id, id`, length: 2 },
} as const;

/** Condition on `annotations`: after the position of a cursor in its order. */
function startsAfter(position: number[] | undefined, order: keyof typeof ORDERS) {
  if (position === undefined) return sql<SqlBool>`true`;
  const [first, second] = position;
  if (order === 'id') return sql<SqlBool>`annotations.id > ${first}::bigint`;
  return order === 'newest'
    ? sql<SqlBool>`(annotations.last_updated_time, annotations.id) < (${first}::bigint, ${second}::bigint)`
    : sql<SqlBool>`(annotations.file_id, annotations.id) > (${first}::bigint, ${second}::bigint)`;
}
