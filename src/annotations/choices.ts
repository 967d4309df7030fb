import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';

/** Choices that are kept of one label in a project: the latest. */
export const MOST_CHOICES_OF_LABEL = 1_000;

/** A candidate that someone saved as an annotation. */
export interface Choice {
  annotationId: number;
  label: string;
  dataSetId: number | null;
  /** Area of the object as a fraction of the photo's. */
  area: number;
  /** Mask token of the model that made the candidate; null if unknown. */
  token: number | null;
  /** Place among the candidates, from 0; null if unknown. */
  rank: number | null;
  /** Whether the outline was corrected by hand. */
  corrected: boolean;
}

/** What people chose, which ranking can learn from. */
export interface Choices {
  /** Keeps choices; of a label the latest `MOST_CHOICES_OF_LABEL` stay. */
  keep(project: string, choices: readonly Choice[], by: string): Promise<void>;
  /** Changes label and size of choices whose annotations were corrected; those without a choice are left out. */
  correct(project: string, corrections: readonly Pick<Choice, 'annotationId' | 'label' | 'area'>[]): Promise<void>;
  /**
   * Erases choices; of all labels or data sets where none is named.
   *
   * @param within only those of these data sets; undefined for all
   * @returns how many
   */
  erase(
    project: string,
    filter: { label?: string | undefined; dataSetId?: number | undefined },
    within?: readonly number[],
  ): Promise<number>;
}

/** Creates the choices over a database. `now` is in milliseconds since 1970-01-01 UTC. */
export function createChoices({
  database: { kysely },
  now = Date.now,
}: {
  database: Pick<Database, 'kysely'>;
  now?: () => number;
}): Choices {
  return {
    async keep(project, choices, by) {
      if (choices.length === 0) return;
      const time = now();
      await kysely
        .insertInto('choices')
        .values(
          choices.map(({ annotationId, label, dataSetId, area, token, rank, corrected }) => ({
            ...{ annotation_id: annotationId, project, label, data_set_id: dataSetId, area },
            ...{ token, rank, corrected, time, by },
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (const label of new Set(choices.map((choice) => choice.label))) {
        await sql`
          delete from choices where annotation_id in (
            select annotation_id from choices where project = ${project} and label = ${label}
            order by time desc, annotation_id offset ${MOST_CHOICES_OF_LABEL}::bigint)`.execute(kysely);
      }
    },

    async correct(project, corrections) {
      for (const { annotationId, label, area } of corrections) {
        await kysely
          .updateTable('choices')
          .set({ label, area, corrected: true })
          .where('project', '=', project)
          .where('annotation_id', '=', annotationId)
          .execute();
      }
    },

    async erase(project, { label, dataSetId }, within) {
      let query = kysely.deleteFrom('choices').where('project', '=', project);
      if (label !== undefined) query = query.where('label', '=', label);
      if (dataSetId !== undefined) query = query.where('data_set_id', '=', dataSetId);
      if (within !== undefined) query = query.where(sql<boolean>`data_set_id = any(${[...within]}::bigint[])`);
      const { numDeletedRows } = await query.executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
