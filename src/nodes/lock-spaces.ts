import type { Transaction } from 'kysely';
import { KonturError } from '#contract/errors';
import type { Schema } from '../database/schema.ts';

/**
 * Keeps spaces to this transaction: of all that write nodes into a space, or delete it, one at a time goes on.
 * @returns those of the names that exist
 */
export async function lockSpaces(
  transaction: Transaction<Schema>,
  project: string,
  names: string[],
): Promise<string[]> {
  const rows = await transaction
    .selectFrom('spaces')
    .select('space')
    .where('project', '=', project)
    .where('space', 'in', names)
    .orderBy('space')
    .forUpdate()
    .execute();
  return rows.map(({ space }) => space);
}

/** @throws KonturError `spaces-not-found` that names those of the spaces which are not among the known ones. */
export function refuseUnknownSpaces(names: string[], known: string[]): void {
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new KonturError(
    'spaces-not-found',
    `Spaces not found: ${unknown.join(', ')}. Create them first, with POST …/models/spaces.`,
    { missing: unknown.map((space) => ({ space })) },
  );
}
