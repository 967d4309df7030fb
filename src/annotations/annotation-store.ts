import type { Database } from '../database/open-database.ts';
import type { AnnotationFilter, AnnotationVisibility } from './annotation-conditions.ts';
import { type AnnotationHistoryEntry, readHistory } from './annotation-history.ts';
import type { AnnotationRecord } from './annotation-record.ts';
import { type AnnotationChange, changeAnnotations } from './change-annotations.ts';
import { type AnnotationFacets, countFacets } from './count-facets.ts';
import { countLabels, type LabelCount } from './count-labels.ts';
import { createAnnotations, type NewAnnotation } from './create-annotations.ts';
import { deleteAnnotations } from './delete-annotations.ts';
import { type AnnotatedFile, type AnnotatedFilePage, findAnnotatedFiles } from './find-annotated-files.ts';
import { type FindAnnotationsOptions, findAnnotations, findFilesOfAnnotations } from './find-annotations.ts';
import { type AnnotationListQuery, type AnnotationPage, listAnnotations } from './list-annotations.ts';
import { restoreAnnotations } from './restore-annotations.ts';
import { streamAnnotations } from './stream-annotations.ts';

/** Who writes: the subject of a token. */
interface Writer {
  by: string;
}

/**
 * The operations on annotations. Each is documented, with what it throws, at its function in this folder. Rights are
 * checked by whoever calls them.
 */
export interface AnnotationStore {
  create(project: string, items: NewAnnotation[], writer: Writer): Promise<AnnotationRecord[]>;
  find(project: string, ids: readonly number[], options?: FindAnnotationsOptions): Promise<AnnotationRecord[]>;
  findFilesOf(project: string, ids: readonly number[]): Promise<{ id: number; fileId: number }[]>;
  list(project: string, query: AnnotationListQuery, visibility?: AnnotationVisibility): Promise<AnnotationPage>;
  stream(
    project: string,
    filter?: AnnotationFilter,
    visibility?: AnnotationVisibility & { order?: 'id' | 'file' },
  ): AsyncGenerator<AnnotationRecord[]>;
  findFiles(
    project: string,
    query: { filter: AnnotationFilter; limit: number; cursor?: string },
    mayRead: (file: AnnotatedFile) => boolean,
  ): Promise<AnnotatedFilePage>;
  countLabels(project: string, filter?: AnnotationFilter, visibility?: AnnotationVisibility): Promise<LabelCount[]>;
  change(project: string, changes: AnnotationChange[], writer: Writer): Promise<AnnotationRecord[]>;
  remove(project: string, ids: readonly number[], writer: Writer): Promise<void>;
  restore(project: string, ids: readonly number[], writer: Writer): Promise<AnnotationRecord[]>;
  readHistory(project: string, id: number): Promise<AnnotationHistoryEntry[]>;
  countFacets(
    project: string,
    filter: { dataSetId?: number | undefined },
    visibility?: AnnotationVisibility,
  ): Promise<AnnotationFacets>;
}

/** The operations on annotations over a database. `now` is in milliseconds since 1970-01-01 UTC. */
export function createAnnotationStore({
  database,
  now = Date.now,
}: {
  database: Pick<Database, 'kysely'>;
  now?: () => number;
}): AnnotationStore {
  return {
    create: (project, items, writer) => createAnnotations({ database, now }, project, items, writer),
    find: (project, ids, options) => findAnnotations({ database }, project, ids, options),
    findFilesOf: (project, ids) => findFilesOfAnnotations({ database }, project, ids),
    list: (project, query, visibility) => listAnnotations({ database }, project, query, visibility),
    stream: (project, filter, visibility) => streamAnnotations({ database }, project, filter, visibility),
    findFiles: (project, query, mayRead) => findAnnotatedFiles({ database }, project, query, mayRead),
    countLabels: (project, filter, visibility) => countLabels({ database }, project, filter, visibility),
    change: (project, changes, writer) => changeAnnotations({ database, now }, project, changes, writer),
    remove: (project, ids, writer) => deleteAnnotations({ database, now }, project, ids, writer),
    restore: (project, ids, writer) => restoreAnnotations({ database, now }, project, ids, writer),
    readHistory: (project, id) => readHistory({ database }, project, id),
    countFacets: (project, filter, visibility) => countFacets({ database }, project, filter, visibility),
  };
}
