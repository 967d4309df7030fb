import type { Insertable, Selectable } from 'kysely';
import type { Annotation, AnnotationStatus } from '#contract/annotations/annotation';
import type { AnnotationData, AnnotationType } from '#contract/annotations/annotation-data';
import type { Vertex } from '#contract/vision/segment-job';
import type { AnnotationsTable } from '../database/schema.ts';

/** What of an annotation may change, and is given when it is created. */
export interface AnnotationContent {
  annotationType: AnnotationType;
  status: AnnotationStatus;
  data: AnnotationData;
  /** For each part its outer ring and then its holes, in unit coordinates; null where only `data` is kept. */
  outline: Vertex[][][] | null;
  /** Whether someone drew or corrected the outline by hand. */
  byHand: boolean;
  /** The segment that it was saved from: job, segment, chosen candidate, score. */
  origin: Record<string, unknown> | null;
}

/** An annotation as this server stores it. Times are in milliseconds since 1970-01-01 UTC. */
export interface AnnotationRecord extends AnnotationContent {
  id: number;
  project: string;
  fileId: number;
  creatingApp: string;
  creatingAppVersion: string;
  /** Null: made by a service. */
  creatingUser: string | null;
  createdTime: number;
  /** Grows with every change. */
  lastUpdatedTime: number;
  /** Subject of the token that created it. */
  createdBy: string;
  /** Subject of the token of the latest change. */
  updatedBy: string;
  /** When it was deleted; null unless it was. */
  deletedTime: number | null;
}

/** The columns of an `AnnotationRecord`. */
export const ANNOTATION_COLUMNS = [
  'annotations.id',
  'annotations.project',
  'annotations.file_id',
  'annotations.annotation_type',
  'annotations.status',
  'annotations.creating_app',
  'annotations.creating_app_version',
  'annotations.creating_user',
  'annotations.data',
  'annotations.created_time',
  'annotations.last_updated_time',
  'annotations.created_by',
  'annotations.updated_by',
  'annotations.outline',
  'annotations.by_hand',
  'annotations.origin',
  'annotations.deleted_time',
] as const;

type AnnotationRow = Omit<Selectable<AnnotationsTable>, 'record_bytes'>;

/** Converts a row to an annotation. */
export function toAnnotationRecord(row: AnnotationRow): AnnotationRecord {
  return {
    id: row.id,
    project: row.project,
    fileId: row.file_id,
    annotationType: row.annotation_type,
    status: row.status,
    creatingApp: row.creating_app,
    creatingAppVersion: row.creating_app_version,
    creatingUser: row.creating_user,
    data: row.data,
    createdTime: row.created_time,
    lastUpdatedTime: row.last_updated_time,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    outline: row.outline,
    byHand: row.by_hand,
    origin: row.origin,
    deletedTime: row.deleted_time,
  };
}

/** Converts an annotation to its row. */
export function toAnnotationRow(record: AnnotationRecord): Insertable<AnnotationsTable> {
  return {
    id: record.id,
    project: record.project,
    file_id: record.fileId,
    annotation_type: record.annotationType,
    status: record.status,
    creating_app: record.creatingApp,
    creating_app_version: record.creatingAppVersion,
    creating_user: record.creatingUser,
    data: JSON.stringify(record.data),
    created_time: record.createdTime,
    last_updated_time: record.lastUpdatedTime,
    created_by: record.createdBy,
    updated_by: record.updatedBy,
    outline: record.outline === null ? null : JSON.stringify(record.outline),
    by_hand: record.byHand,
    origin: record.origin === null ? null : JSON.stringify(record.origin),
    deleted_time: record.deletedTime,
  };
}

/** Converts an annotation to its wire form. */
export function toWireAnnotation(record: AnnotationRecord): Annotation {
  return {
    id: record.id,
    createdTime: record.createdTime,
    lastUpdatedTime: record.lastUpdatedTime,
    annotatedResourceType: 'file',
    annotatedResourceId: record.fileId,
    annotationType: record.annotationType,
    creatingApp: record.creatingApp,
    creatingAppVersion: record.creatingAppVersion,
    creatingUser: record.creatingUser,
    status: record.status,
    data: record.data,
  };
}
