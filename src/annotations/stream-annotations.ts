import type { Database } from '../database/open-database.ts';
import type { AnnotationFilter, AnnotationVisibility } from './annotation-conditions.ts';
import type { AnnotationRecord } from './annotation-record.ts';
import { listAnnotations } from './list-annotations.ts';

const PAGE = 200;

/**
 * Reads any number of annotations of a project, by ascending id or one file after the other, a page at a time, each
 * page with a query for itself: memory stays that of one page, and no transaction is held open. Annotations that exist
 * throughout come exactly once.
 *
 * @throws KonturError as `annotationConditions` does
 */
export async function* streamAnnotations(
  { database }: { database: Pick<Database, 'kysely'> },
  project: string,
  filter: AnnotationFilter = {},
  { order = 'id', ...visibility }: AnnotationVisibility & { order?: 'id' | 'file' } = {},
): AsyncGenerator<AnnotationRecord[]> {
  for (let cursor: string | undefined; ; ) {
    const page = await listAnnotations({ database }, project, { filter, order, limit: PAGE, cursor }, visibility);
    if (page.items.length > 0) yield page.items;
    if (page.nextCursor === undefined) return;
    cursor = page.nextCursor;
  }
}
