import type { FileFilter } from '#contract/files/file-filter';
import type { Database } from '../database/open-database.ts';
import { filterConditions } from './filter-conditions.ts';
import type { PlaceFinder } from './geo-location/place-finder.ts';
import { type FileReader, visibleFiles } from './visible-files.ts';

/**
 * Counts the files that a list with this filter has.
 *
 * @throws KonturError as `filterConditions` and `PlaceFinder` do
 */
export async function countFiles(
  { database, places }: { database: Database; places: PlaceFinder },
  project: string,
  filter: FileFilter,
  { dataSetIds, subject, signal }: FileReader = {},
): Promise<number> {
  const matching = database.kysely
    .selectFrom('files')
    .where(visibleFiles(project, { dataSetIds }))
    .where((files) => files.and(filterConditions(files, filter)));
  if (filter.geoLocation)
    return (await places.findAll(matching, filter.geoLocation, { client: `${project}/${subject}`, signal })).length;
  const { count } = await matching.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return Number(count);
}
