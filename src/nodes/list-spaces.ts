import { sql } from 'kysely';
import type { Space } from '#contract/data-modelling/spaces';
import type { Database } from '../database/open-database.ts';
import { decodeCursor, encodeCursor } from '../files/page-cursor.ts';
import { SYSTEM_SPACE } from './system-space.ts';
import { toSpace } from './to-space.ts';

/** A page of spaces; `nextCursor` is absent on the last one. */
export interface SpacePage {
  items: Space[];
  nextCursor?: string;
}

/** What to list. `cursor` comes from the previous page, for the same query. */
export interface SpaceListQuery {
  /** If given, only spaces with these names are listed. */
  within?: string[];
  /** Whether the space of the system is listed too, first of all. */
  includeGlobal?: boolean;
  limit: number;
  cursor?: string;
}

/**
 * Lists the spaces of a project in the order of their creation.
 *
 * @throws KonturError `invalid-request` for a foreign cursor
 */
export async function listSpaces(
  { database }: { database: Database },
  project: string,
  { within, includeGlobal = false, limit, cursor }: SpaceListQuery,
): Promise<SpacePage> {
  const query = { project, list: 'spaces', within };
  const after = cursor === undefined ? 0 : decodeCursor(query, cursor);
  const isReadable = within === undefined || within.includes(SYSTEM_SPACE.space);
  const first = includeGlobal && cursor === undefined && isReadable ? [SYSTEM_SPACE] : [];
  const left = limit - first.length;
  const rows = await database.kysely
    .selectFrom('spaces')
    .selectAll()
    .where('project', '=', project)
    .where('position', '>', after)
    .$if(within !== undefined, (spaces) => spaces.where('space', '=', sql<string>`any(${within}::text[])`))
    .orderBy('position')
    .limit(left + 1)
    .execute();
  const page = rows.slice(0, left);
  const items = [...first, ...page.map(toSpace)];
  return rows.length > left ? { items, nextCursor: encodeCursor(query, page.at(-1)?.position ?? after) } : { items };
}
