import { type RawBuilder, sql } from 'kysely';
import type { FileFilter } from '#contract/files/file-filter';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { checkText } from './check-text.ts';
import { FILE_COLUMNS, type FileRecord, toFileRecord } from './file-record.ts';
import { filterConditions } from './filter-conditions.ts';
import type { PlaceFinder } from './geo-location/place-finder.ts';
import { type FileReader, visibleFiles } from './visible-files.ts';

/** What to search for: words of the name, among the files that match the filter; without a name, all of those. */
export interface FileSearchQuery {
  search?: { name?: string };
  filter?: FileFilter;
  limit: number;
}

/**
 * Finds files whose names have words that match or start with words of the query, ignoring case. Names with more of the
 * words come first, then those that contain the whole query, then by ascending id. Files that do not fit in one answer
 * are left out.
 *
 * @throws KonturError as `filterConditions` and `PlaceFinder` do; `invalid-request` for unstorable text
 */
export async function searchFiles(
  { database, places }: { database: Database; places: PlaceFinder },
  project: string,
  { search, filter = {}, limit }: FileSearchQuery,
  { dataSetIds, subject, signal }: FileReader = {},
): Promise<FileRecord[]> {
  checkText(search, 'search');
  const phrase = search?.name?.trim() ?? '';
  const words = phrase.match(/[\p{L}\p{N}]+/gu) ?? [phrase];
  const found = words.map((word) => sql<number>`(${nameHolds(word)})::int`);
  const matching = database.kysely
    .selectFrom('files')
    .where(visibleFiles(project, { dataSetIds }))
    .where((files) => files.and(filterConditions(files, filter)))
    .where(({ or }) => or(words.map(nameHolds)));
  const there =
    filter.geoLocation &&
    (await places.findAll(matching, filter.geoLocation, { client: `${project}/${subject}`, signal }));
  const order = sql`${sql.join(found, sql` + `)} desc, ${nameHolds(phrase)} desc, id`;
  const best = matching
    .select(['id', sql<number>`row_number() over (order by ${order})`.as('place'), 'record_bytes as bytes'])
    .$if(there !== undefined, (files) => files.where(sql<boolean>`id = any(${there}::bigint[])`))
    .orderBy('place')
    .limit(limit);
  const rows = await database.kysely
    .selectFrom('files')
    .innerJoin(fittingRows(best), 'fitting.id', 'files.id')
    .select(FILE_COLUMNS)
    .orderBy('fitting.place')
    .execute();
  return rows.map(toFileRecord);
}

/** True for the empty text. */
const nameHolds = (text: string): RawBuilder<boolean> => sql<boolean>`strpos(lower(name), lower(${text})) > 0`;
