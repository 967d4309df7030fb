import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { DataSet, DataSetFilter } from '#contract/data-sets/data-set';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { checkMetadata } from '../files/check-metadata.ts';
import { checkText } from '../files/check-text.ts';
import { decodeCursor, encodeCursor } from '../files/page-cursor.ts';
import { toDataSet } from './data-set-record.ts';
import { type DataSetVisibility, visibleDataSets } from './find-data-sets.ts';

/** A page of data sets; `nextCursor` is absent on the last one. */
export interface DataSetPage {
  items: DataSet[];
  nextCursor?: string;
}

/** What to list. `cursor` comes from the page before, for the same project and filter. */
export interface DataSetListQuery {
  filter?: DataSetFilter;
  limit: number;
  cursor?: string;
}

/**
 * Lists data sets of a project by ascending id.
 *
 * @throws KonturError `invalid-request` for a cursor of another list, text that cannot be stored, and more metadata
 *   than a data set can have
 */
export async function listDataSets(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  { filter = {}, limit, cursor }: DataSetListQuery,
  visibility: DataSetVisibility = {},
): Promise<DataSetPage> {
  const query = { project, list: 'data sets', filter };
  const rows = await kysely
    .selectFrom('data_sets')
    .selectAll()
    .where(visibleDataSets(project, visibility))
    .where(meets(filter))
    .where('id', '>', cursor === undefined ? 0 : decodeCursor(query, cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(toDataSet);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor(query, last.id) } : { items };
}

/**
 * Counts the data sets of a project that meet a filter.
 *
 * @throws KonturError `invalid-request` as `listDataSets` does
 */
export async function countDataSets(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  filter: DataSetFilter,
  visibility: DataSetVisibility = {},
): Promise<number> {
  const { count } = await kysely
    .selectFrom('data_sets')
    .select(({ fn }) => fn.countAll().as('count'))
    .where(visibleDataSets(project, visibility))
    .where(meets(filter))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function meets(filter: DataSetFilter) {
  checkText(filter, 'filter');
  if (filter.metadata !== undefined) checkMetadata(filter.metadata, 'The metadata of the filter');
  return (sets: ExpressionBuilder<Schema, 'data_sets'>): Expression<SqlBool> => {
    const { metadata, externalIdPrefix, writeProtected } = filter;
    const conditions: Expression<SqlBool>[] = [];
    if (metadata !== undefined) conditions.push(sql<boolean>`metadata @> ${JSON.stringify(metadata)}::jsonb`);
    if (externalIdPrefix !== undefined) {
      conditions.push(sql<boolean>`starts_with(external_id, ${externalIdPrefix})`);
    }
    if (writeProtected !== undefined) conditions.push(sets('write_protected', '=', writeProtected));
    for (const [column, range] of [
      ['created_time', filter.createdTime],
      ['last_updated_time', filter.lastUpdatedTime],
    ] as const) {
      if (range?.min !== undefined) conditions.push(sets(column, '>=', range.min));
      if (range?.max !== undefined) conditions.push(sets(column, '<=', range.max));
    }
    return sets.and(conditions);
  };
}
