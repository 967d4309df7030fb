import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ErrorCode } from '#contract/errors';
import type { CogniteFileProperties } from '#contract/files/cognite-file';
import type { ResolvedFile } from '#contract/files/file-reference';
import type { GeoLocation } from '#contract/files/geo-location';
import type { Prompt } from '#contract/vision/prompt';
import type { JobStatus, Segment } from '#contract/vision/segment-job';

/**
 * A jsonb column: read as a value, written as JSON text. Text, because node-postgres would turn a bare array into an array of
 * PostgreSQL and not into JSON.
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
  /** External ids of the labels. */
  labels: string[] | null;
  geo_location: Json<GeoLocation> | null;
  created_time: number;
  last_updated_time: number;
  uploaded_time: number | null;
  /** Counts the occasions on which upload links were handed out; a link of an earlier occasion is refused. */
  upload_generation: Generated<number>;
  /** When the latest of them was handed out; null for files that came of a node and have had none. */
  upload_link_time: number | null;
  /** The content, all three or none. */
  blob_key: string | null;
  content_sha256: string | null;
  content_bytes: number | null;
}

/** Row of `multipart_uploads`: an upload in parts that was begun, and is kept for a week. */
export interface MultipartUploadsTable {
  upload_id: string;
  project: string;
  file_id: number;
  /** `upload_generation` of the file at the beginning. */
  upload_generation: number;
  /** How many parts there will be, numbered from 1. */
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
  /** Who posted the job: the subject of the token. */
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
  /** Of a file that an upstream keeps; null for files of this server, and as soon as the job has ended. */
  upstream_file: Json<UpstreamFile> | null;
  prompt: Json<Prompt>;
  /** Place in the order of work: the lower it is, the sooner. */
  turn: Generated<number>;
  /** Polygons of a job that was Completed before `result` was there. */
  segments: JsonWithDefault<Segment[]>;
  /** Null unless the job is Completed. */
  result: Json<StoredResult> | null;
  /** What found it; null as `result` is. */
  engine: Json<StoredEngine> | null;
  failed_items: JsonWithDefault<{ errorMessage: string; items: ResolvedFile[] }[]>;
  /** Number of the latest claim; only its holder may end the job. */
  attempt: Generated<number>;
  /** Attempts that ended in an error that may pass. */
  failures: Generated<number>;
  /** Attempts that ended because the database, the store or another part that every job needs was away. */
  outages: Generated<number>;
  /** Attempts that ended in nothing at all: counted at the claim, taken back when the attempt reports. */
  interruptions: Generated<number>;
}

/** What a job found: rings with real holes, as x and y in turn. Coordinates are pixels of the upright photo. */
export interface StoredResult {
  imageWidth: number;
  imageHeight: number;
  /** Best first. */
  segments: { score: number; parts: { outer: number[]; holes: number[][] }[] }[];
}

/** What a job ran on: the model by its id, and what its encoder computed in. */
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
  /** Order of creation. */
  position: GeneratedAlways<number>;
  name: string | null;
  description: string | null;
  created_time: number;
  last_updated_time: number;
}

/** Row of `nodes`: what data modelling knows of a file beyond the row in `files`, which goes along with it. */
export interface NodesTable {
  file_id: number;
  project: string;
  space: string;
  external_id: string;
  /** Counts the changes. */
  version: number;
  /** As the client gave them; the file has its name, type and so on from here. */
  properties: Json<CogniteFileProperties>;
  created_time: number;
  last_updated_time: number;
}

/** What the run of a job has to know of a file that an upstream keeps. Times are milliseconds since 1970-01-01 UTC. */
export interface UpstreamFile {
  name: string;
  mimeType?: string;
  uploaded: boolean;
  uploadedTime: number;
  /** Lets anyone get the content until `linkExpiresTime`, and so is a secret. Absent where the content was at hand. */
  downloadUrl?: string;
  linkExpiresTime?: number;
  /** Of the content, as its store names it; absent where the store does not say, or the content was at hand. */
  etag?: string;
}

/** Row of `upstream_contents`: a copy of what an upstream's file held since `uploaded_time`. */
export interface UpstreamContentsTable {
  /** Origin of the upstream. */
  upstream: string;
  project: string;
  file_id: number;
  uploaded_time: number;
  blob_key: string;
  sha256: string;
  bytes: number;
  last_used_time: number;
}

/** Row of `secrets`: what the processes on one database share. */
export interface SecretsTable {
  name: string;
  value: Json<unknown>;
}

/** Row of `issuer_records`: something that the embedded issuer remembers. Times are milliseconds since 1970-01-01 UTC. */
export interface IssuerRecordsTable {
  /** The provider library's name for it: `Session`, `Interaction`, `AuthorizationCode`, `Grant`. */
  kind: string;
  /** SHA-256 of the id, in hexadecimal. */
  id_hash: string;
  /** JSON, without the id. */
  payload: string;
  /** Of a session: what codes know it by. */
  uid: string | null;
  /** Of a code: what it goes with when that is revoked. */
  grant_id: string | null;
  /** Of a code: it was traded for a token. */
  consumed: Generated<boolean>;
  expires_time: number;
}

/** Every table of Kontur. The tables of the queue belong to pg-boss and lie in the schema `pgboss`. */
export interface Schema {
  files: FilesTable;
  multipart_uploads: MultipartUploadsTable;
  multipart_upload_parts: MultipartUploadPartsTable;
  jobs: JobsTable;
  upstream_contents: UpstreamContentsTable;
  spaces: SpacesTable;
  nodes: NodesTable;
  secrets: SecretsTable;
  issuer_records: IssuerRecordsTable;
}
