import { sql } from 'kysely';
import { KonturError } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { decodeCursor, encodeCursor } from '../files/page-cursor.ts';
import { nodeConditions } from './node-conditions.ts';
import { type NodeRecord, toNodeRecord, UPLOAD_COLUMNS } from './node-record.ts';

/** A page of nodes; `nextCursor` is absent on the last one. */
export interface NodePage {
  items: NodeRecord[];
  nextCursor?: string;
}

/** What to list; `cursor` comes from the page before and asks for the same project and filter. */
export interface NodeListQuery {
  filter?: object;
  /** Names of spaces beyond which nothing is listed. */
  within?: string[];
  /** Has to be empty. */
  sort?: object[];
  limit: number;
  cursor?: string;
}

/**
 * The nodes of a project by ascending id of their files, so that nodes which are created meanwhile neither hide nor repeat
 * others.
 * @throws KonturError `invalid-request` for a foreign cursor, `not-supported` for another order, and as `nodeConditions` does.
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
  const rows = await database.kysely
    .selectFrom('nodes')
    .innerJoin('files', 'files.id', 'nodes.file_id')
    .selectAll('nodes')
    .select(UPLOAD_COLUMNS)
    .where('nodes.project', '=', project)
    .where('nodes.file_id', '>', after)
    .$if(within !== undefined, (nodes) => nodes.where('nodes.space', '=', sql<string>`any(${within}::text[])`))
    .where((nodes) => nodes.and(filter === undefined ? [] : nodeConditions(filter)))
    .orderBy('nodes.file_id')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const items = page.map(toNodeRecord);
  return rows.length > limit ? { items, nextCursor: encodeCursor(query, page.at(-1)!.file_id) } : { items };
}
