import type { Transaction } from 'kysely';
import { KonturError } from '#contract/errors';
import type { Schema } from '../database/schema.ts';

/**
 * Locks spaces for this transaction: transactions that write nodes into a space, or delete it, run one at a time.
 *
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

/**
 * Refuses names of spaces that do not exist.
 *
 * @throws KonturError `spaces-not-found`, which names those that are not in `known`
 */
export function refuseUnknownSpaces(names: string[], known: string[]): void {
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new KonturError(
    'spaces-not-found',
    `Spaces not found: ${unknown.join(', ')}. Create them first, with POST …/models/spaces.`,
    { missing: unknown.map((space) => ({ space })) },
  );
}
