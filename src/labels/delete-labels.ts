import type { Label } from '#contract/labels/label';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { toLabel } from './label-record.ts';
import { labelsNotFound, refuseRepeatedLabels } from './name-labels.ts';

/**
 * Deletes definitions of labels: all that are named or none. Files that have them keep them.
 *
 * @param authorise throws if a label may not be deleted; undefined stands for one that does not exist
 * @throws KonturError `labels-duplicated` for one that is named twice; `labels-not-found`; what `authorise` throws
 */
export async function deleteLabels(
  { database }: { database: Pick<Database, 'kysely'> },
  project: string,
  externalIds: readonly string[],
  authorise: (label: Label | undefined) => void,
): Promise<void> {
  checkText(externalIds, 'items');
  refuseRepeatedLabels(externalIds);
  await database.kysely.transaction().execute(async (transaction) => {
    const rows = await transaction
      .selectFrom('labels')
      .selectAll()
      .where('project', '=', project)
      .where('external_id', 'in', externalIds)
      // In one order, so that two transactions wait for each other instead of deadlocking.
      .orderBy('external_id')
      .forUpdate()
      .execute();
    for (const row of rows) authorise(toLabel(row));
    const known = new Set(rows.map(({ external_id }) => external_id));
    const missing = externalIds.filter((externalId) => !known.has(externalId));
    if (missing.length > 0) {
      authorise(undefined);
      throw labelsNotFound(missing);
    }
    await transaction
      .deleteFrom('labels')
      .where('project', '=', project)
      .where('external_id', 'in', externalIds)
      .execute();
  });
}
