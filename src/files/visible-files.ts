import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** Restricts the files of a project that a query sees. */
export interface Visibility {
  /** Only files in one of these data sets; if undefined, every file, with or without a data set. */
  dataSetIds?: readonly number[];
}

/** The client that reads files: what it may see, and how its long searches are queued and cancelled. */
export interface FileReader extends Visibility {
  /** Long searches of one subject run one after another. */
  subject?: string;
  /** Cancels a long search. */
  signal?: AbortSignal;
}

/** Condition on `files`: in the project, and visible. */
export function visibleFiles(project: string, { dataSetIds }: Visibility) {
  return (files: ExpressionBuilder<Schema, 'files'>): Expression<SqlBool> => {
    const inProject = files('project', '=', project);
    if (dataSetIds === undefined) return inProject;
    return files.and([inProject, sql<boolean>`data_set_id = any(${[...dataSetIds]}::bigint[])`]);
  };
}
