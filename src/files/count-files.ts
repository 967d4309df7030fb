import type { FileFilter } from '#contract/files/file-filter';
import type { Database } from '../database/open-database.ts';
import { filterConditions } from './filter-conditions.ts';
import { filesAtPlace } from './geo-location/files-at-place.ts';
import { type Visibility, visibleFiles } from './visible-files.ts';

/**
 * How many files a list with this filter has.
 * @throws KonturError as `filterConditions` and `filesAtPlace` do.
 */
export async function countFiles(
  { database }: { database: Database },
  project: string,
  filter: FileFilter,
  visibility: Visibility = {},
): Promise<number> {
  const matching = database.kysely
    .selectFrom('files')
    .where(visibleFiles(project, visibility))
    .where((files) => files.and(filterConditions(files, filter)));
  if (filter.geoLocation) {
    const places = filesAtPlace(matching.select(['id', 'geo_location']), filter.geoLocation);
    let counted = 0;
    for await (const _ of places) counted++;
    return counted;
  }
  const { count } = await matching.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return Number(count);
}
