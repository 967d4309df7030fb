import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** Which files of a project a query may see at all. */
export interface Visibility {
  /** Only files in one of these data sets; absent: every file, with or without a data set. */
  dataSetIds?: readonly number[];
}

/** Who reads files: what may be seen, and what a long search needs to know. */
export interface FileReader extends Visibility {
  /** Searches of one subject wait for each other where they are long. */
  subject?: string;
  /** Ends a long search. */
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
