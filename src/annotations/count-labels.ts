import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { type AnnotationFilter, type AnnotationVisibility, annotationConditions } from './annotation-conditions.ts';

/** A label and how many annotations have it; null stands for those of types without a label. */
export interface LabelCount {
  label: string | null;
  count: number;
}

/**
 * Counts annotations of a project by label, in the order of the labels' letters.
 *
 * @throws KonturError as `annotationConditions` does
 */
export async function countLabels(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  filter: AnnotationFilter = {},
  visibility: AnnotationVisibility = {},
): Promise<LabelCount[]> {
  const rows = await kysely
    .selectFrom('annotations')
    .where(annotationConditions(project, filter, visibility))
    .select([sql<string | null>`data ->> 'label'`.as('label'), sql<string>`count(*)`.as('count')])
    .groupBy(sql`data ->> 'label'`)
    .execute();
  const counts = rows.map(({ label, count }) => ({ label, count: Number(count) }));
  return counts.sort((one, other) => ((one.label ?? '') < (other.label ?? '') ? -1 : 1));
}
