import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { type AnnotationVisibility, annotationConditions } from './annotation-conditions.ts';

/** How many annotations there are of each label, status and maker; the most frequent first, at most 1000 of each. */
export interface AnnotationFacets {
  /** Null: annotations without a label. */
  labels: { label: string | null; count: number }[];
  statuses: { status: string; count: number }[];
  /** Null: made by a service. */
  users: { user: string | null; count: number }[];
}

const MOST_VALUES = 1_000;

/** Counts annotations of the project by label, status and maker, in a data set or in all. */
export async function countFacets(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  { dataSetId }: { dataSetId?: number | undefined },
  visibility: AnnotationVisibility = {},
): Promise<AnnotationFacets> {
  const filter = dataSetId === undefined ? {} : { dataSetIds: [dataSetId] };
  const count = async (value: ReturnType<typeof sql<string | null>>) => {
    const rows = await kysely
      .selectFrom('annotations')
      .where(annotationConditions(project, filter, visibility))
      .select([value.as('value'), sql<number>`count(*)::int`.as('count')])
      .groupBy(value)
      .orderBy(sql`count(*) desc, 1`)
      .limit(MOST_VALUES)
      .execute();
    return rows;
  };
  const [labels, statuses, users] = await Promise.all([
    count(sql<string | null>`annotations.data ->> 'label'`),
    count(sql<string | null>`annotations.status`),
    count(sql<string | null>`annotations.creating_user`),
  ]);
  return {
    labels: labels.map(({ value, count: number }) => ({ label: value, count: number })),
    statuses: statuses.map(({ value, count: number }) => ({ status: String(value), count: number })),
    users: users.map(({ value, count: number }) => ({ user: value, count: number })),
  };
}
