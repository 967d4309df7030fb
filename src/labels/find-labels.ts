import type { Label } from '#contract/labels/label';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { toLabel } from './label-record.ts';
import { type LabelVisibility, visibleLabels } from './visible-labels.ts';

/** Labels found by their external ids, and the external ids of none. */
export interface FoundLabels {
  /** In the order asked for. */
  found: Label[];
  missing: string[];
}

/**
 * Finds the labels with these external ids.
 *
 * @throws KonturError `invalid-request` for text that cannot be stored
 */
export async function findLabels(
  { kysely }: Pick<Database, 'kysely'>,
  project: string,
  externalIds: readonly string[],
  visibility: LabelVisibility = {},
): Promise<FoundLabels> {
  if (externalIds.length === 0) return { found: [], missing: [] };
  checkText(externalIds, 'items');
  const rows = await kysely
    .selectFrom('labels')
    .selectAll()
    .where(visibleLabels(project, visibility))
    .where('external_id', 'in', externalIds)
    .execute();
  const byId = new Map(rows.map((row) => [row.external_id, toLabel(row)]));
  return {
    found: externalIds.flatMap((externalId) => byId.get(externalId) ?? []),
    missing: [...new Set(externalIds)].filter((externalId) => !byId.has(externalId)),
  };
}
