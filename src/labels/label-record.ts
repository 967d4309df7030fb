import type { Selectable } from 'kysely';
import type { Label } from '#contract/labels/label';
import type { LabelsTable } from '../database/label-tables.ts';

/** Converts a row of `labels` to a label; absent values are left out. */
export function toLabel(row: Selectable<LabelsTable>): Label {
  return {
    externalId: row.external_id,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    ...(row.data_set_id !== null && { dataSetId: row.data_set_id }),
    createdTime: row.created_time,
  };
}
