import { sql } from 'kysely';
import type { FileFilter } from '#contract/files/file-filter';
import type { Database } from '../database/open-database.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
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
    .selectAll()
    .where(visibleFiles(project, visibility))
    .where('id', '>', after)
    .where((files) => files.and(filterConditions(files, filter)))
    // Ids are random, so their remainders spread files evenly; and a file keeps its id, and so its partition.
    .$if(part !== undefined, (files) =>
      files.where(sql<boolean>`id % ${part!.count}::bigint = ${part!.index - 1}::bigint`),
    );
  const rows = filter.geoLocation
    ? await firstOf(filesAtPlace(matching, filter.geoLocation), limit + 1)
    : await matching
        .orderBy('id')
        .limit(limit + 1)
        .execute();
  const items = rows.slice(0, limit).map(toFileRecord);
  return rows.length > limit ? { items, nextCursor: encodeCursor(query, items.at(-1)!.id) } : { items };
}

async function firstOf<Row>(rows: AsyncIterable<Row>, count: number): Promise<Row[]> {
  const first: Row[] = [];
  for await (const row of rows) {
    first.push(row);
    if (first.length === count) break;
  }
  return first;
}
