import type { Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { type AnnotationRecord, toAnnotationRow } from './annotation-record.ts';

/** Rows of one statement: its parameters are limited, and its text is held in memory. */
const BATCH = 100;

/** Inserts annotations, or replaces what may change of those that exist. */
export async function saveAnnotations(transaction: Transaction<Schema>, records: AnnotationRecord[]): Promise<void> {
  for (let first = 0; first < records.length; first += BATCH) {
    await transaction
      .insertInto('annotations')
      .values(records.slice(first, first + BATCH).map(toAnnotationRow))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          annotation_type: row.ref('excluded.annotation_type'),
          status: row.ref('excluded.status'),
          data: row.ref('excluded.data'),
          last_updated_time: row.ref('excluded.last_updated_time'),
          updated_by: row.ref('excluded.updated_by'),
          outline: row.ref('excluded.outline'),
          by_hand: row.ref('excluded.by_hand'),
          origin: row.ref('excluded.origin'),
        })),
      )
      .execute();
  }
}
