import type { Selectable, Transaction } from 'kysely';
import type { DataSet, DataSetChanges, DataSetUpdate } from '#contract/data-sets/data-set';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { DataSetsTable } from '../database/label-tables.ts';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { checkMetadata } from '../files/check-metadata.ts';
import { checkText } from '../files/check-text.ts';
import { toDataSet } from './data-set-record.ts';
import { namedBy } from './find-data-sets.ts';
import { dataSetsDuplicated, dataSetsNotFound, refuseRepeatedReferences } from './name-data-sets.ts';

const UNIQUE_VIOLATION = '23505';

type Row = Selectable<DataSetsTable>;

/**
 * Changes properties of data sets, all that are named or none (docs/contract.md#data-sets-update).
 *
 * @returns the data sets as they are now, in the order of the updates
 * @throws KonturError `data-sets-not-found`; `data-sets-duplicated` for one that is named twice, and for an externalId
 *   that another one has; `invalid-request` for metadata past its limits, and for operations that exclude each other
 */
export async function updateDataSets(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  updates: DataSetUpdate[],
): Promise<DataSet[]> {
  checkText(updates, 'items');
  refuseRepeatedReferences(updates);
  const attempt = () =>
    database.kysely.transaction().execute((transaction) => applyUpdates(transaction, project, updates, now()));
  return attempt().catch((error) => {
    // A data set created meanwhile has the externalId. It is visible now, so that the error can name it.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return attempt();
    throw error;
  });
}

async function applyUpdates(
  transaction: Transaction<Schema>,
  project: string,
  updates: DataSetUpdate[],
  time: number,
): Promise<DataSet[]> {
  const rows = await transaction
    .selectFrom('data_sets')
    .selectAll()
    .where('project', '=', project)
    .where(namedBy(updates))
    // In one order, so that two transactions wait for each other instead of deadlocking.
    .orderBy('id')
    .forUpdate()
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byExternalId = new Map(rows.map((row) => [row.external_id, row]));
  const found = updates.map(({ id, externalId = null }) =>
    id === undefined ? byExternalId.get(externalId) : byId.get(id),
  );
  const missing = updates.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) throw dataSetsNotFound(missing);
  const present = found.map((row) => defined(row, 'data set of the update'));
  // Again, now that two names of one data set can be recognised.
  refuseRepeatedReferences(present.map(({ id }) => ({ id })));
  const changed = present.map((row, index) => change(row, updates[index]?.update ?? {}, `items[${index}].update`));
  await freeExternalIds(transaction, project, changed, updates);
  const items: DataSet[] = [];
  for (const row of changed) {
    const after = await transaction
      .updateTable('data_sets')
      .set({
        external_id: row.external_id,
        name: row.name,
        description: row.description,
        metadata: JSON.stringify(row.metadata),
        write_protected: row.write_protected,
        last_updated_time: Math.max(time, row.last_updated_time),
      })
      .where('project', '=', project)
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    items.push(toDataSet(after));
  }
  return items;
}

function change(row: Row, changes: DataSetChanges, place: string): Row {
  const { externalId, name, description, writeProtected, metadata } = changes;
  return {
    ...row,
    ...(externalId && { external_id: externalId.set ?? null }),
    ...(name && { name: name.set ?? null }),
    ...(description && { description: description.set ?? null }),
    ...(writeProtected && { write_protected: writeProtected.set }),
    ...(metadata && { metadata: changeMetadata(row.metadata, metadata, `${place}.metadata`) }),
  };
}

function changeMetadata(
  current: Record<string, string>,
  { set, add, remove }: NonNullable<DataSetChanges['metadata']>,
  place: string,
): Record<string, string> {
  if (set !== undefined && (add !== undefined || remove !== undefined)) {
    throw new KonturError('invalid-request', `${place}: give either set, or add and remove.`);
  }
  const removed = new Set(remove);
  const kept = Object.entries(set ?? current).filter(([key]) => !removed.has(key));
  const metadata = Object.fromEntries([...kept, ...Object.entries(add ?? {})]);
  checkMetadata(metadata, place);
  return metadata;
}

/**
 * Clears the externalIds that change, so that data sets can swap them.
 *
 * @throws KonturError `data-sets-duplicated` if a new one is not free then
 */
async function freeExternalIds(
  transaction: Transaction<Schema>,
  project: string,
  rows: Row[],
  updates: DataSetUpdate[],
): Promise<void> {
  const changing = rows.filter((_, index) => updates[index]?.update.externalId !== undefined);
  if (changing.length === 0) return;
  const ids = changing.map(({ id }) => id);
  const inProject = transaction.updateTable('data_sets').set({ external_id: null }).where('project', '=', project);
  await inProject.where('id', 'in', ids).execute();
  const wanted = changing.flatMap(({ external_id }) => external_id ?? []);
  if (wanted.length === 0) return;
  const taken = await transaction
    .selectFrom('data_sets')
    .select('external_id')
    .where('project', '=', project)
    .where('external_id', 'in', wanted)
    .execute();
  const twice = wanted.filter((externalId, index) => wanted.indexOf(externalId) !== index);
  const refused = [...new Set([...taken.flatMap(({ external_id }) => external_id ?? []), ...twice])];
  if (refused.length > 0) throw dataSetsDuplicated(refused);
}
