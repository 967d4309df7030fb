import { sql } from 'kysely';
import type { FileFilter } from '#contract/files/file-filter';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { FILE_COLUMNS, type FileRecord, toFileRecord } from './file-record.ts';
import { filterConditions } from './filter-conditions.ts';
import { filesAtPlace } from './geo-location/files-at-place.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';
import { parsePartition } from './parse-partition.ts';
import { type Visibility, visibleFiles } from './visible-files.ts';

/** A page of a list; `nextCursor` is absent on the last one. */
export interface FilePage {
  items: FileRecord[];
  nextCursor?: string;
}

/** What to list; `cursor` comes from the page before and asks for the same project, filter and partition. */
export interface FileListQuery {
  filter?: FileFilter;
  limit: number;
  cursor?: string;
  /** `m/n`: the m-th of n parts of the list. */
  partition?: string;
}

/**
 * The files of a project by ascending id. Files that are created while a client turns pages neither hide nor repeat others.
 * A page has fewer files than `limit`, and yet is not the last, where more do not fit one answer.
 * @throws KonturError `invalid-request` for a foreign cursor or a bad partition; as `filterConditions` and `filesAtPlace` do.
 */
export async function listFiles(
  { database }: { database: Database },
  project: string,
  { filter = {}, limit, cursor, partition }: FileListQuery,
  visibility: Visibility = {},
): Promise<FilePage> {
  const query = { project, filter, partition };
  const after = cursor === undefined ? 0 : decodeCursor(query, cursor);
  const part = partition === undefined ? undefined : parsePartition(partition);
  const matching = database.kysely
    .selectFrom('files')
    .where(visibleFiles(project, visibility))
    .where('id', '>', after)
    .where((files) => files.and(filterConditions(files, filter)))
    // Ids are random, so their remainders spread files evenly; and a file keeps its id, and so its partition.
    .$if(part !== undefined, (files) =>
      files.where(sql<boolean>`id % ${part!.count}::bigint = ${part!.index - 1}::bigint`),
    );
  // One more than is asked for tells whether there is another page.
  const wanted = matching
    .select(['id', 'id as place', 'record_bytes as bytes'])
    .orderBy('id')
    .limit(limit + 1);
  const there =
    filter.geoLocation &&
    (await firstOf(filesAtPlace(matching.select(['id', 'geo_location']), filter.geoLocation), limit + 1));
  const rows = await database.kysely
    .selectFrom('files')
    .innerJoin(
      fittingRows(there ? wanted.where(sql<boolean>`id = any(${there}::bigint[])`) : wanted),
      'fitting.id',
      'files.id',
    )
    .select(FILE_COLUMNS)
    .select('fitting.wanted')
    .orderBy('files.id')
    .execute();
  const items = rows.slice(0, limit).map(toFileRecord);
  const isLast = rows.length === 0 || rows[0]!.wanted === items.length;
  return isLast ? { items } : { items, nextCursor: encodeCursor(query, items.at(-1)!.id) };
}

async function firstOf(rows: AsyncIterable<{ id: number }>, count: number): Promise<number[]> {
  const first: number[] = [];
  for await (const { id } of rows) {
    first.push(id);
    if (first.length === count) break;
  }
  return first;
}
