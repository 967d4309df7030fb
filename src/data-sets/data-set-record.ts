import type { Selectable } from 'kysely';
import type { DataSet } from '#contract/data-sets/data-set';
import type { DataSetsTable } from '../database/label-tables.ts';

/** Converts a row of `data_sets` to a data set; absent values are left out. */
export function toDataSet(row: Selectable<DataSetsTable>): DataSet {
  return {
    id: row.id,
    ...(row.external_id !== null && { externalId: row.external_id }),
    ...(row.name !== null && { name: row.name }),
    ...(row.description !== null && { description: row.description }),
    metadata: row.metadata,
    writeProtected: row.write_protected,
    createdTime: row.created_time,
    lastUpdatedTime: row.last_updated_time,
  };
}
