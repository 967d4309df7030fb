import { sql } from 'kysely';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { decodeCursor, encodeCursor } from '../files/page-cursor.ts';
import { nodeConditions } from './node-conditions.ts';
import { NODE_COLUMNS, type NodeRecord, toNodeRecord, UPLOAD_COLUMNS } from './node-record.ts';

/** A page of nodes; `nextCursor` is absent on the last one. */
export interface NodePage {
  items: NodeRecord[];
  nextCursor?: string;
}

/** What to list. `cursor` comes from the previous page, for the same project and filter. */
export interface NodeListQuery {
  filter?: object;
  /** If given, only nodes of these spaces are listed. */
  within?: string[];
  /** Must be empty. */
  sort?: object[];
  limit: number;
  cursor?: string;
}

/**
 * Lists nodes of a project by ascending id of their files, so that nodes created meanwhile neither hide nor repeat
 * others. A page has fewer nodes than `limit` without being the last if more do not fit in one answer.
 *
 * @throws KonturError `invalid-request` for a foreign cursor, `not-supported` for another order, and as
 *   `nodeConditions` does
 */
export async function listNodes(
  { database }: { database: Database },
  project: string,
  { filter, within, sort = [], limit, cursor }: NodeListQuery,
): Promise<NodePage> {
  if (sort.length > 0) throw new KonturError('not-supported', 'This server cannot sort nodes. Leave sort out.');
  checkText(filter, 'filter');
  const query = { project, list: 'nodes', filter, within };
  const after = cursor === undefined ? 0 : decodeCursor(query, cursor);
  const wanted = database.kysely
    .selectFrom('nodes')
    .select(['nodes.file_id as id', 'nodes.file_id as place', 'nodes.record_bytes as bytes'])
    .where('nodes.project', '=', project)
    .where('nodes.file_id', '>', after)
    .$if(within !== undefined, (nodes) => nodes.where('nodes.space', '=', sql<string>`any(${within}::text[])`))
    .where((nodes) => nodes.and(filter === undefined ? [] : nodeConditions(filter)))
    .orderBy('nodes.file_id')
    .limit(limit + 1);
  const rows = await database.kysely
    .selectFrom('nodes')
    .innerJoin('files', 'files.id', 'nodes.file_id')
    .innerJoin(fittingRows(wanted), 'fitting.id', 'nodes.file_id')
    .select(NODE_COLUMNS)
    .select(UPLOAD_COLUMNS)
    .select('fitting.wanted')
    .orderBy('nodes.file_id')
    .execute();
  const page = rows.slice(0, limit);
  const items = page.map(toNodeRecord);
  const isLast = (rows[0]?.wanted ?? 0) === page.length;
  return isLast
    ? { items }
    : { items, nextCursor: encodeCursor(query, defined(page.at(-1), 'last node of the page').file_id) };
}
