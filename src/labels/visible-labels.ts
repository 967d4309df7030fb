import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** Restricts the labels of a project that a query sees. */
export interface LabelVisibility {
  /** Only labels in one of these data sets; if undefined, every label, with or without a data set. */
  dataSetIds?: readonly number[];
}

/** Condition on `labels`: in the project, and visible. */
export function visibleLabels(project: string, { dataSetIds }: LabelVisibility) {
  return (labels: ExpressionBuilder<Schema, 'labels'>): Expression<SqlBool> => {
    const inProject = labels('project', '=', project);
    if (dataSetIds === undefined) return inProject;
    return labels.and([inProject, sql<boolean>`data_set_id = any(${[...dataSetIds]}::bigint[])`]);
  };
}
