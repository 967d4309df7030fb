import type { FileFilter } from '../contract/file-filter.ts';
import type { Database } from '../database/open-database.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
import { filterConditions } from './filter-conditions.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

/** A page of a list; `nextCursor` is absent on the last one. */
export interface FilePage {
  items: FileRecord[];
  nextCursor?: string;
}

/** What to list; `cursor` comes from the page before and asks for the same project and filter. */
export interface FileListQuery {
  filter?: FileFilter;
  limit: number;
  cursor?: string;
}

/**
 * The files of a project by ascending id. Files that are created while a client turns pages neither hide nor repeat others.
 * @throws KonturError `invalid-request` for a foreign cursor, `not-supported` for a filter that cannot be checked.
 */
export async function listFiles(
  { database }: { database: Database },
  project: string,
  { filter = {}, limit, cursor }: FileListQuery,
): Promise<FilePage> {
  const query = { project, filter };
  const after = cursor === undefined ? 0 : decodeCursor(query, cursor);
  const rows = await database.kysely
    .selectFrom('files')
    .selectAll()
    .where('project', '=', project)
    .where('id', '>', after)
    .where((files) => files.and(filterConditions(files, filter)))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(toFileRecord);
  return rows.length > limit ? { items, nextCursor: encodeCursor(query, items.at(-1)!.id) } : { items };
}
