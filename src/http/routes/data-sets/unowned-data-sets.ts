import { KonturError } from '#contract/errors';
import { FORBIDDEN_MESSAGE, isAuthorised } from '../../../auth/authorise.ts';
import type { Principal } from '../../../auth/principal.ts';
import type { DataSetStore } from '../../../data-sets/data-set-store.ts';

/** Data sets that a caller may not write in, whatever else it may do: write-protected ones that it does not own. */
export interface UnownedDataSets {
  has(dataSetId: number | null | undefined): boolean;
  /**
   * Checks that what is in the data set may be written; null and undefined stand for none.
   *
   * @throws KonturError `forbidden`
   */
  authorise(dataSetId: number | null | undefined): void;
}

/** Finds the write-protected data sets for which the principal lacks `datasetsAcl:OWNER`. */
export async function findUnownedDataSets(
  dataSets: Pick<DataSetStore, 'listProtectedIds'>,
  principal: Principal,
): Promise<UnownedDataSets> {
  const owns = (dataSetId: number | null) =>
    isAuthorised(principal, { acl: 'datasetsAcl', action: 'OWNER', dataSetId });
  // Who owns all data sets needs no look into the database.
  const protectedIds = owns(null) ? [] : await dataSets.listProtectedIds(principal.project);
  const unowned = new Set(protectedIds.filter((id) => !owns(id)));
  const has = (dataSetId: number | null | undefined) => unowned.has(dataSetId ?? 0);
  return {
    has,
    authorise(dataSetId) {
      if (has(dataSetId)) throw new KonturError('forbidden', FORBIDDEN_MESSAGE);
    },
  };
}
