import { sql } from 'kysely';
import type { FileFilter } from '#contract/files/file-filter';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { FILE_COLUMNS, type FileRecord, toFileRecord } from './file-record.ts';
import { filterConditions } from './filter-conditions.ts';
import type { PlaceFinder } from './geo-location/place-finder.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';
import { parsePartition } from './parse-partition.ts';
import { type FileReader, visibleFiles } from './visible-files.ts';

/** A page of a list; `nextCursor` is absent on the last one. */
export interface FilePage {
  items: FileRecord[];
  nextCursor?: string;
}

/** What to list. `cursor` comes from the previous page, for the same project, filter and partition. */
export interface FileListQuery {
  filter?: FileFilter;
  limit: number;
  cursor?: string;
  /** `m/n`: the m-th of n parts of the list. */
  partition?: string;
}

/**
 * Lists files of a project by ascending id. Files created while a client pages neither hide nor repeat others. A page
 * has fewer files than `limit` without being the last if more do not fit in one answer, or, with a filter by place, if
 * the request has used up its work; it may then be empty.
 *
 * @throws KonturError `invalid-request` for a foreign cursor or a bad partition; as `filterConditions` and
 *   `PlaceFinder` do
 */
export async function listFiles(
  { database, places }: { database: Database; places: PlaceFinder },
  project: string,
  { filter = {}, limit, cursor, partition }: FileListQuery,
  { dataSetIds, subject, signal }: FileReader = {},
): Promise<FilePage> {
  const query = { project, filter, partition };
  const after = cursor === undefined ? 0 : decodeCursor(query, cursor);
  const part = partition === undefined ? undefined : parsePartition(partition);
  const matching = database.kysely
    .selectFrom('files')
    .where(visibleFiles(project, { dataSetIds }))
    .where('id', '>', after)
    .where((files) => files.and(filterConditions(files, filter)))
    // Ids are random, so their remainders spread files evenly; and a file keeps its id, and so its partition.
    .where((files) =>
      part === undefined ? files.lit(true) : sql<boolean>`id % ${part.count}::bigint = ${part.index - 1}::bigint`,
    );
  // One row more than the limit tells whether there is another page.
  const wanted = matching
    .select(['id', 'id as place', 'record_bytes as bytes'])
    .orderBy('id')
    .limit(limit + 1);
  const reader = { client: `${project}/${subject}`, signal, most: limit + 1 };
  const found = filter.geoLocation && (await places.findSome(matching, filter.geoLocation, reader));
  const rows = await database.kysely
    .selectFrom('files')
    .innerJoin(
      fittingRows(found ? wanted.where(sql<boolean>`id = any(${found.ids}::bigint[])`) : wanted),
      'fitting.id',
      'files.id',
    )
    .select(FILE_COLUMNS)
    .select('fitting.wanted')
    .orderBy('files.id')
    .execute();
  const items = rows.slice(0, limit).map(toFileRecord);
  const listsAll = (rows[0]?.wanted ?? 0) === items.length;
  // Some of the found files may be deleted by now; the next page still begins after them.
  const foundUpTo = found && (found.ids.length > limit ? found.ids.at(-1) : found.endedAfter);
  const last = listsAll ? foundUpTo : items.at(-1)?.id;
  return last === undefined ? { items } : { items, nextCursor: encodeCursor(query, last) };
}
