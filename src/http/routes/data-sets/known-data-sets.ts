import type { DataSetReference } from '#contract/data-sets/data-set-reference';
import { KonturError } from '#contract/errors';
import type { DataSetStore } from '../../../data-sets/data-set-store.ts';
import { dataSetsNotFound } from '../../../data-sets/name-data-sets.ts';

/**
 * Checks that data sets that something is to be put in exist.
 *
 * @throws KonturError `data-sets-not-found`
 */
export async function checkDataSets(
  dataSets: Pick<DataSetStore, 'find'>,
  project: string,
  ids: readonly number[],
): Promise<void> {
  const references = [...new Set(ids)].map((id) => ({ id }));
  const { missing } = await dataSets.find(project, references);
  if (missing.length === 0) return;
  const list = missing.map(({ id }) => id).join(', ');
  throw new KonturError(
    'data-sets-not-found',
    `Invalid dataSetIds: ${list}. Data set ids not found: ${list}. Create data sets with POST …/datasets.`,
    { missing: missing.map(({ id }) => ({ id })) },
  );
}

/**
 * Finds the numeric ids of the data sets that a filter names. An unknown numeric id is kept: it matches nothing.
 *
 * @throws KonturError `data-sets-not-found` for an unknown external id
 */
export async function resolveDataSets(
  dataSets: Pick<DataSetStore, 'find'>,
  project: string,
  references: readonly DataSetReference[],
): Promise<number[]> {
  const named = references.filter(({ id }) => id === undefined);
  const { found, missing } = await dataSets.find(project, named);
  if (missing.length > 0) throw dataSetsNotFound(missing);
  return [...references.flatMap(({ id }) => id ?? []), ...found.flatMap((set) => set?.id ?? [])];
}
