import type { Selectable } from 'kysely';
import type { Space } from '#contract/data-modelling/spaces';
import type { SpacesTable } from '../database/schema.ts';

/** Converts a row of `spaces` to its wire form. */
export function toSpace({ space, name, description, created_time, last_updated_time }: Selectable<SpacesTable>): Space {
  return {
    space,
    ...(name !== null && { name }),
    ...(description !== null && { description }),
    createdTime: created_time,
    lastUpdatedTime: last_updated_time,
    isGlobal: false,
  };
}
