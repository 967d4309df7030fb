import { sql } from 'kysely';
import type { Label } from '#contract/labels/label';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { decodeCursor, encodeCursor } from '../files/page-cursor.ts';
import { toLabel } from './label-record.ts';
import { type LabelVisibility, visibleLabels } from './visible-labels.ts';

/** A page of labels; `nextCursor` is absent on the last one. */
export interface LabelPage {
  items: Label[];
  nextCursor?: string;
}

/** What to list. `cursor` comes from the page before, for the same project and filter. */
export interface LabelListQuery {
  filter?: { name?: string; externalIdPrefix?: string; dataSetIds?: readonly number[] };
  limit: number;
  cursor?: string;
}

/**
 * Lists labels of a project in the order of their creation.
 *
 * @throws KonturError `invalid-request` for a cursor of another list, and for text that cannot be stored
 */
export async function listLabels(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  { filter = {}, limit, cursor }: LabelListQuery,
  visibility: LabelVisibility = {},
): Promise<LabelPage> {
  checkText(filter, 'filter');
  const query = { project, list: 'labels', filter };
  const { name, externalIdPrefix, dataSetIds } = filter;
  const rows = await kysely
    .selectFrom('labels')
    .selectAll()
    .where(visibleLabels(project, visibility))
    .where(visibleLabels(project, dataSetIds === undefined ? {} : { dataSetIds }))
    .$if(name !== undefined, (labels) => labels.where('name', '=', name ?? ''))
    .$if(externalIdPrefix !== undefined, (labels) =>
      labels.where(sql<boolean>`starts_with(external_id, ${externalIdPrefix})`),
    )
    .where('position', '>', cursor === undefined ? 0 : decodeCursor(query, cursor))
    .orderBy('position')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const items = page.map(toLabel);
  const last = page.at(-1);
  return rows.length > limit && last ? { items, nextCursor: encodeCursor(query, last.position) } : { items };
}
