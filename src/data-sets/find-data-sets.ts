import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { DataSet } from '#contract/data-sets/data-set';
import type { DataSetReference } from '#contract/data-sets/data-set-reference';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { checkText } from '../files/check-text.ts';
import { toDataSet } from './data-set-record.ts';

/** Restricts the data sets that a query sees to those with these ids; undefined for all of the project. */
export interface DataSetVisibility {
  within?: readonly number[];
}

/** A data set found by a reference, and the references that name none. */
export interface FoundDataSets {
  /** In the order of the references; undefined where there is none. */
  found: (DataSet | undefined)[];
  missing: DataSetReference[];
}

/**
 * Finds the data sets that the references name.
 *
 * @throws KonturError `invalid-request` for text that cannot be stored
 */
export async function findDataSets(
  { kysely }: Pick<Database, 'kysely'>,
  project: string,
  references: readonly DataSetReference[],
  visibility: DataSetVisibility = {},
): Promise<FoundDataSets> {
  if (references.length === 0) return { found: [], missing: [] };
  checkText(references, 'items');
  const rows = await kysely
    .selectFrom('data_sets')
    .selectAll()
    .where(visibleDataSets(project, visibility))
    .where(namedBy(references))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, toDataSet(row)]));
  const byExternalId = new Map([...byId.values()].map((set) => [set.externalId, set]));
  const found = references.map(({ id, externalId }) =>
    id === undefined ? byExternalId.get(externalId) : byId.get(id),
  );
  return { found, missing: references.filter((_, index) => found[index] === undefined) };
}

/** Condition on `data_sets`: named by one of the references. */
export function namedBy(references: readonly DataSetReference[]) {
  const ids = references.flatMap(({ id }) => id ?? []);
  const externalIds = references.flatMap(({ externalId }) => externalId ?? []);
  return sql<SqlBool>`(data_sets.id = any(${ids}::bigint[]) or data_sets.external_id = any(${externalIds}::text[]))`;
}

/** Condition on `data_sets`: in the project, and visible. */
export function visibleDataSets(project: string, { within }: DataSetVisibility) {
  return (sets: ExpressionBuilder<Schema, 'data_sets'>) => {
    const inProject = sets('data_sets.project', '=', project);
    if (within === undefined) return inProject;
    return sets.and([inProject, sql<SqlBool>`data_sets.id = any(${[...within]}::bigint[])`]);
  };
}
