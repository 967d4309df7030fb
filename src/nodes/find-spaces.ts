import type { Space } from '#contract/data-modelling/spaces';
import type { Database } from '../database/open-database.ts';
import { SYSTEM_SPACE } from './system-space.ts';
import { toSpace } from './to-space.ts';

/** Finds the spaces with these names, each once and in that order; unknown ones are left out. */
export async function findSpaces(
  { kysely }: Pick<Database, 'kysely'>,
  project: string,
  names: string[],
): Promise<Space[]> {
  const rows = await kysely
    .selectFrom('spaces')
    .selectAll()
    .where('project', '=', project)
    .where('space', 'in', names)
    .execute();
  const found = new Map([SYSTEM_SPACE, ...rows.map(toSpace)].map((space) => [space.space, space]));
  return [...new Set(names)].flatMap((name) => found.get(name) ?? []);
}
