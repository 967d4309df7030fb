import { type AliasedRawBuilder, type Expression, sql } from 'kysely';
import { MAX_ANSWER_BYTES } from '#contract/limits';

/** A row that an answer may have, before it is read. */
export interface RowSize {
  id: number;
  /** Its place among the others, ascending. */
  place: number;
  /** How much it takes of an answer. */
  bytes: number;
}

/** What to join with the table that the rows are of. */
export interface FittingRow {
  id: number;
  place: number;
  /** How many rows were wanted, those that do not fit among them. */
  wanted: number;
}

/**
 * Of the rows wanted, those from the first on that fit one answer together, and the first in any case: what does not fit is never
 * read, in one statement, so that nothing changes in between.
 *
 * @param wanted selects the columns of `RowSize` from at most as many rows as an answer may have items
 */
export function fittingRows(wanted: Expression<RowSize>): AliasedRawBuilder<FittingRow, 'fitting'> {
  return sql<FittingRow>`(
    select id, place, wanted from (
      select
        id,
        place,
        count(*) over () as wanted,
        row_number() over (order by place) as number,
        sum(bytes) over (order by place) as total
      from ${wanted} as wanted
    ) as counted
    where number = 1 or total <= ${MAX_ANSWER_BYTES}::bigint
  )`.as('fitting');
}
