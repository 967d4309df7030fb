import { KonturError } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import { lockSpaces } from './lock-spaces.ts';

/**
 * Deletes empty spaces: all of those named or, on an error, none. Unknown ones are left out
 * (docs/contract.md#spaces-read-and-delete).
 *
 * @returns the names of deleted spaces
 * @throws KonturError `space-not-empty` if a space has nodes
 */
export async function removeSpaces(
  { database }: { database: Database },
  project: string,
  names: string[],
): Promise<string[]> {
  return database.kysely.transaction().execute(async (transaction) => {
    const known = await lockSpaces(transaction, project, names);
    if (known.length === 0) return [];
    const inUse = await transaction
      .selectFrom('nodes')
      .select('space')
      .distinct()
      .where('project', '=', project)
      .where('space', 'in', known)
      .orderBy('space')
      .execute();
    if (inUse.length > 0) {
      const list = inUse.map(({ space }) => space).join(', ');
      throw new KonturError(
        'space-not-empty',
        `Spaces that have nodes cannot be deleted: ${list}. Delete the nodes first, with POST …/models/instances/delete.`,
      );
    }
    await transaction.deleteFrom('spaces').where('project', '=', project).where('space', 'in', known).execute();
    return known;
  });
}
