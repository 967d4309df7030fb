import { defined } from '#contract/defined';
import type { Label, LabelCreate } from '#contract/labels/label';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { toLabel } from './label-record.ts';
import { labelsExist, refuseRepeatedLabels } from './name-labels.ts';

/**
 * Creates definitions of labels: all or none, answered in the given order.
 *
 * @throws KonturError `invalid-request` for text that cannot be stored; `labels-duplicated` for an externalId that is
 *   given twice, or that another label has
 */
export async function createLabels(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  items: LabelCreate[],
): Promise<Label[]> {
  checkText(items, 'items');
  const externalIds = items.map(({ externalId }) => externalId);
  refuseRepeatedLabels(externalIds);
  const time = now();
  const rows = await database.kysely.transaction().execute(async (transaction) => {
    const created = await transaction
      .insertInto('labels')
      .values(
        items
          .map(({ externalId, name, description = null, dataSetId = null }) => ({
            ...{ project, external_id: externalId, name, description },
            ...{ data_set_id: dataSetId, created_time: time },
          }))
          // In one order, so that concurrent requests wait for each other instead of deadlocking.
          .sort((a, b) => (a.external_id < b.external_id ? -1 : 1)),
      )
      .onConflict((conflict) => conflict.columns(['project', 'external_id']).doNothing())
      .returningAll()
      .execute();
    const found = new Map(created.map((row) => [row.external_id, row]));
    const taken = externalIds.filter((externalId) => !found.has(externalId));
    if (taken.length > 0) throw labelsExist(taken);
    return found;
  });
  return externalIds.map((externalId) => toLabel(defined(rows.get(externalId), 'created label')));
}
