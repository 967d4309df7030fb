import type { DataSet, DataSetCreate } from '#contract/data-sets/data-set';
import { defined } from '#contract/defined';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import { checkMetadata } from '../files/check-metadata.ts';
import { checkText } from '../files/check-text.ts';
import { toDataSet } from './data-set-record.ts';
import { dataSetsDuplicated } from './name-data-sets.ts';

/**
 * Creates data sets: all or none, answered in the given order.
 *
 * @throws KonturError `invalid-request` for text that cannot be stored and for metadata past its limits;
 *   `data-sets-duplicated` for an externalId that another one has
 */
export async function createDataSets(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  items: DataSetCreate[],
): Promise<DataSet[]> {
  checkText(items, 'items');
  items.forEach(({ metadata = {} }, index) => {
    checkMetadata(metadata, `items[${index}].metadata`);
  });
  const externalIds = items.flatMap(({ externalId }) => externalId ?? []);
  const twice = externalIds.filter((externalId, index) => externalIds.indexOf(externalId) !== index);
  if (twice.length > 0) throw dataSetsDuplicated([...new Set(twice)]);
  const time = now();
  const values = items.map((item) => ({
    project,
    id: randomId(),
    external_id: item.externalId ?? null,
    name: item.name ?? null,
    description: item.description ?? null,
    metadata: JSON.stringify(item.metadata ?? {}),
    write_protected: item.writeProtected ?? false,
    created_time: time,
    last_updated_time: time,
  }));
  const rows = await database.kysely.transaction().execute(async (transaction) => {
    const created = await transaction
      .insertInto('data_sets')
      // In one order, so that concurrent requests wait for each other instead of deadlocking.
      .values([...values].sort((a, b) => ((a.external_id ?? '') < (b.external_id ?? '') ? -1 : 1)))
      .onConflict((conflict) =>
        conflict.columns(['project', 'external_id']).where('external_id', 'is not', null).doNothing(),
      )
      .returningAll()
      .execute();
    const known = new Set(created.map(({ external_id }) => external_id));
    const taken = externalIds.filter((externalId) => !known.has(externalId));
    if (taken.length > 0) throw dataSetsDuplicated(taken);
    return new Map(created.map((row) => [row.id, row]));
  });
  return values.map(({ id }) => toDataSet(defined(rows.get(id), 'created data set')));
}
