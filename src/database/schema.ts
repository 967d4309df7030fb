import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { AnnotationStatus } from '#contract/annotations/annotation';
import type { AnnotationData, AnnotationType } from '#contract/annotations/annotation-data';
import type { ErrorCode } from '#contract/errors';
import type { CogniteFileProperties } from '#contract/files/cognite-file';
import type { ResolvedFile } from '#contract/files/file-reference';
import type { GeoLocation } from '#contract/files/geo-location';
import type { Prompt } from '#contract/vision/prompt';
import type { JobStatus, Segment, Vertex } from '#contract/vision/segment-job';
import type { ChoicesTable } from './choices-table.ts';
import type { DataSetsTable, LabelsTable } from './label-tables.ts';

/**
 * A jsonb column: read as a value, written as JSON text. Text, because node-postgres would turn a bare array into an
 * array of PostgreSQL and not into JSON.
 */
type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;

/** Row of `files` (docs/contract.md#files-object). Times are milliseconds since 1970-01-01 UTC. */
export interface FilesTable {
  id: number;
  project: string;
  external_id: string | null;
  instance_space: string | null;
  instance_external_id: string | null;
  name: string;
  directory: string | null;
  source: string | null;
  mime_type: string | null;
  metadata: Json<Record<string, string>> | null;
  asset_ids: number[] | null;
  data_set_id: number | null;
  source_created_time: number | null;
  source_modified_time: number | null;
  security_categories: number[] | null;
  /** External ids of the file's labels. */
  labels: string[] | null;
  geo_location: Json<GeoLocation> | null;
  /**
   * The box around the positions of `geo_location`, as PostgreSQL writes it. Worked out by the database, like the next
   * one.
   */
  place_box: GeneratedAlways<string | null>;
  /** How long the coordinates of `geo_location` are as text, in bytes of UTF-8. */
  place_bytes: GeneratedAlways<number | null>;
  created_time: number;
  last_updated_time: number;
  uploaded_time: number | null;
  /** Number of times that upload links were issued; a link issued earlier is refused. */
  upload_generation: Generated<number>;
  /** When the latest upload link was issued; null for files that were created by a node and have had none. */
  upload_link_time: number | null;
  /** Content of the file: `blob_key` and the two columns after it are all set or all null. */
  blob_key: string | null;
  content_sha256: string | null;
  content_bytes: number | null;
  /** How much the record takes of an answer, rather too much; worked out by the database. */
  record_bytes: GeneratedAlways<number>;
}

/** Row of `multipart_uploads`: an upload in parts that was begun, and is kept for a week. */
export interface MultipartUploadsTable {
  upload_id: string;
  project: string;
  file_id: number;
  /** `upload_generation` of the file when the upload began. */
  upload_generation: number;
  /** Number of parts of the upload, numbered from 1. */
  parts: number;
  created_time: number;
  completed_time: number | null;
}

/** Row of `multipart_upload_parts`: a part that has arrived, until its upload is completed. */
export interface MultipartUploadPartsTable {
  upload_id: string;
  part: number;
  blob_key: string;
  content_sha256: string;
  content_bytes: number;
}

/** Row of `jobs`. Times are milliseconds since 1970-01-01 UTC. */
export interface JobsTable {
  job_id: number;
  project: string;
  /** Subject of the token that posted the job. */
  subject: string;
  status: JobStatus;
  created_time: number;
  start_time: number | null;
  status_time: number;
  error_message: string | null;
  /** Kind of error that a Failed job ended with; null as well where it failed before the column was there. */
  error_code: ErrorCode | null;
  file_id: number;
  file_external_id: string | null;
  file_instance_space: string | null;
  file_instance_external_id: string | null;
  /** SHA-256 of the content that the job was posted for, null where the file had none. */
  content_sha256: string | null;
  /** The file at the upstream that keeps it; null for files of this server, and as soon as the job has ended. */
  upstream_file: Json<UpstreamFile> | null;
  prompt: Json<Prompt>;
  /** Position in the order of work: jobs with lower numbers run sooner. */
  turn: Generated<number>;
  /** Polygons of a job that was Completed before `result` was there. */
  segments: JsonWithDefault<Segment[]>;
  /** Null unless the job is Completed. */
  result: Json<StoredResult> | null;
  /** Engine that computed `result`; null whenever `result` is. */
  engine: Json<StoredEngine> | null;
  failed_items: JsonWithDefault<{ errorMessage: string; items: ResolvedFile[] }[]>;
  /** Number of the latest attempt. Only the holder of its lease may end the job. */
  attempt: Generated<number>;
  /** Number of attempts that ended in an error that may pass. */
  failures: Generated<number>;
  /**
   * Number of attempts that ended because a part that every job needs, such as the database or the store, was
   * unavailable.
   */
  outages: Generated<number>;
  /**
   * Number of attempts that ended without a report: incremented when a job is claimed, decremented when the attempt
   * reports.
   */
  interruptions: Generated<number>;
}

/** Result of a job: rings with real holes, as alternating x and y in pixels of the upright photo. */
export interface StoredResult {
  imageWidth: number;
  imageHeight: number;
  /** Segments of the result, best first. */
  segments: { score: number; parts: { outer: number[]; holes: number[][] }[] }[];
}

/** Engine of a job: the id of its model, and the precision that its encoder computed in. */
export interface StoredEngine {
  model: string;
  precision: string;
  /** Execution provider of onnxruntime. */
  provider: string;
  /** The part of the photo that the model saw, in pixels; absent where that was all of it. */
  window?: { left: number; top: number; width: number; height: number };
}

/** Row of `spaces`: namespaces for nodes. Times are milliseconds since 1970-01-01 UTC. */
export interface SpacesTable {
  project: string;
  space: string;
  /** Number that gives the order of creation. */
  position: GeneratedAlways<number>;
  name: string | null;
  description: string | null;
  created_time: number;
  last_updated_time: number;
}

/** Row of `nodes`: what data modelling records of a file besides its row in `files`, with which it is deleted. */
export interface NodesTable {
  file_id: number;
  project: string;
  space: string;
  external_id: string;
  /** Number of changes to the node. */
  version: number;
  /** Properties as the client gave them; the file's name, type and so on derive from them. */
  properties: Json<CogniteFileProperties>;
  created_time: number;
  last_updated_time: number;
  /** How much the record takes of an answer; worked out by the database. */
  record_bytes: GeneratedAlways<number>;
}

/** What a job needs to read a file that an upstream keeps. Times are milliseconds since 1970-01-01 UTC. */
export interface UpstreamFile {
  name: string;
  mimeType?: string;
  uploaded: boolean;
  uploadedTime: number;
  /**
   * Link to the content, valid for anyone until `linkExpiresTime`, and so a secret. Absent if the content was already
   * copied.
   */
  downloadUrl?: string;
  linkExpiresTime?: number;
  /** ETag of the content from its store; absent if the store gives none, or the content was already copied. */
  etag?: string;
}

/** Row of `upstream_contents`: a copy of the content that a file of an upstream has had since `uploaded_time`. */
export interface UpstreamContentsTable {
  /** Origin (scheme, host and port) of the upstream's URL. */
  upstream: string;
  project: string;
  file_id: number;
  uploaded_time: number;
  blob_key: string;
  sha256: string;
  bytes: number;
  last_used_time: number;
}

/** Row of `annotations` (docs/contract.md#annotations-object). Times are milliseconds since 1970-01-01 UTC. */
export interface AnnotationsTable {
  id: number;
  project: string;
  file_id: number;
  annotation_type: AnnotationType;
  status: AnnotationStatus;
  creating_app: string;
  creating_app_version: string;
  /** Null: made by a service. */
  creating_user: string | null;
  data: Json<AnnotationData>;
  created_time: number;
  /** Grows with every change. */
  last_updated_time: number;
  /** Subject of the token that created it. */
  created_by: string;
  /** Subject of the token of the latest change. */
  updated_by: string;
  /** The whole outline: for each part its outer ring and its holes, in unit coordinates; null where none is kept. */
  outline: Json<Vertex[][][]> | null;
  /** Whether someone drew or corrected the outline by hand. */
  by_hand: Generated<boolean>;
  /** The segment that it was saved from. */
  origin: Json<Record<string, unknown>> | null;
  /** When it was deleted; null unless it was. */
  deleted_time: number | null;
  /** How much the record takes of an answer, rather too much; worked out by the database. */
  record_bytes: GeneratedAlways<number>;
}

/** Row of `annotation_history`: one change of an annotation. */
export interface AnnotationHistoryTable {
  /** Number that gives the order of changes. */
  position: GeneratedAlways<number>;
  project: string;
  annotation_id: number;
  time: number;
  /** Subject of the token. */
  by: string;
  change: 'created' | 'updated' | 'deleted' | 'restored';
  /** What the change replaced; null for a creation. */
  before: Json<AnnotationBefore> | null;
}

/** What a change of an annotation replaced. */
export interface AnnotationBefore {
  status: AnnotationStatus;
  annotationType: AnnotationType;
  data: AnnotationData;
  /** As in `annotations`. */
  outline: Vertex[][][] | null;
}

/** Row of `secrets`: a secret that the processes on one database share. */
export interface SecretsTable {
  name: string;
  value: Json<unknown>;
}

/** Row of `issuer_records`: a record of the embedded issuer. Times are milliseconds since 1970-01-01 UTC. */
export interface IssuerRecordsTable {
  /** The provider library's name for the kind of record: `Session`, `Interaction`, `AuthorizationCode`, `Grant`. */
  kind: string;
  /** SHA-256 of the record's id, in hexadecimal. */
  id_hash: string;
  /** Content of the record as JSON, without its id. */
  payload: string;
  /** For a session: the id by which authorization codes refer to it. */
  uid: string | null;
  /** For an authorization code: the grant with which it is revoked. */
  grant_id: string | null;
  /** For an authorization code: whether it was exchanged for a token. */
  consumed: Generated<boolean>;
  expires_time: number;
}

/** Every table of Kontur. The tables of the queue belong to pg-boss and are in the schema `pgboss`. */
export interface Schema {
  files: FilesTable;
  multipart_uploads: MultipartUploadsTable;
  multipart_upload_parts: MultipartUploadPartsTable;
  jobs: JobsTable;
  upstream_contents: UpstreamContentsTable;
  spaces: SpacesTable;
  nodes: NodesTable;
  annotations: AnnotationsTable;
  annotation_history: AnnotationHistoryTable;
  choices: ChoicesTable;
  data_sets: DataSetsTable;
  labels: LabelsTable;
  secrets: SecretsTable;
  issuer_records: IssuerRecordsTable;
}
