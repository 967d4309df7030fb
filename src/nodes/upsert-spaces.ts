import { sql } from 'kysely';
import { RESERVED_SPACES, type Space, type SpaceCreate } from '#contract/data-modelling/spaces';
import { KonturError } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { findSpaces } from './find-spaces.ts';

/**
 * Creates spaces, or sets the name and the description of existing ones; a space that would not change is not touched.
 * All or none (docs/contract.md#spaces-upsert).
 *
 * @throws KonturError `invalid-request` for a reserved name or one that is given twice
 */
export async function upsertSpaces(
  { database, now }: { database: Database; now: () => number },
  project: string,
  spaces: SpaceCreate[],
): Promise<Space[]> {
  checkText(spaces, 'items');
  const names = spaces.map(({ space }) => space);
  refuseReserved(names);
  refuseRepeated(names);
  const time = now();
  const rows = spaces
    .map(({ space, name = null, description = null }) => ({
      ...{ project, space, name, description },
      ...{ created_time: time, last_updated_time: time },
    }))
    // In one order, so that concurrent requests wait for each other instead of deadlocking.
    .sort((a, b) => (a.space < b.space ? -1 : 1));
  return database.kysely.transaction().execute(async (kysely) => {
    await kysely
      .insertInto('spaces')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'space'])
          .doUpdateSet((space) => ({
            name: space.ref('excluded.name'),
            description: space.ref('excluded.description'),
            last_updated_time: space.ref('excluded.last_updated_time'),
          }))
          .where(
            sql<boolean>`(spaces.name, spaces.description) is distinct from (excluded.name, excluded.description)`,
          ),
      )
      .execute();
    return findSpaces({ kysely }, project, names);
  });
}

function refuseReserved(names: string[]): void {
  const reserved = names.find((name) => RESERVED_SPACES.includes(name));
  if (reserved === undefined) return;
  throw new KonturError(
    'invalid-request',
    `No space can be named ${reserved}. Reserved names are ${RESERVED_SPACES.join(', ')}.`,
  );
}

function refuseRepeated(names: string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new KonturError('invalid-request', `items has the space ${repeated} twice; each may be given once.`);
}
