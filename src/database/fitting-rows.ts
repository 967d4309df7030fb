import { type AliasedRawBuilder, type Expression, sql } from 'kysely';
import { MAX_ANSWER_BYTES } from '#contract/limits';

/** A row that an answer may have, before it is read. */
export interface RowSize {
  id: number;
  /** Position among the wanted rows, ascending. */
  place: number;
  /** Bytes that the row takes in an answer. */
  bytes: number;
}

/** Columns to join with the table of the rows. */
export interface FittingRow {
  id: number;
  place: number;
  /** Number of wanted rows, including those that do not fit. */
  wanted: number;
}

/**
 * Selects the wanted rows that fit into one answer together, from the first on, and at least one. Rows that do not fit
 * are never read. One statement, so that nothing changes in between.
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
