import type { FileFilter } from '../contract/file-filter.ts';
import type { Database } from '../database/open-database.ts';
import { filterConditions } from './filter-conditions.ts';
import { type Visibility, visibleFiles } from './visible-files.ts';

/**
 * How many files a list with this filter has.
 * @throws KonturError `not-supported` for a filter that cannot be checked.
 */
export async function countFiles(
  { database }: { database: Database },
  project: string,
  filter: FileFilter,
  visibility: Visibility = {},
): Promise<number> {
  const { count } = await database.kysely
    .selectFrom('files')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(visibleFiles(project, visibility))
    .where((files) => files.and(filterConditions(files, filter)))
    .executeTakeFirstOrThrow();
  return Number(count);
}
