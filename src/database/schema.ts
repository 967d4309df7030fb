import type { ColumnType, Generated } from 'kysely';
import type { ResolvedFile } from '../contract/file-reference.ts';
import type { Prompt } from '../contract/prompt.ts';
import type { JobStatus, Segment } from '../contract/segment-job.ts';

/**
 * A jsonb column: read as a value, written as JSON text. Text, because node-postgres would turn a bare array into an array of
 * PostgreSQL and not into JSON.
 */
type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;

/** Row of `files`; what the properties mean is in CONTRACT.md 3. Times are milliseconds since 1970-01-01 UTC. */
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
  geo_location: Json<Record<string, unknown>> | null;
  created_time: number;
  last_updated_time: number;
  uploaded_time: number | null;
  /** Counts the occasions on which upload links were handed out; a link of an earlier occasion is refused. */
  upload_generation: Generated<number>;
  /** The content, all three or none. */
  blob_key: string | null;
  content_sha256: string | null;
  content_bytes: number | null;
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
  file_id: number;
  file_external_id: string | null;
  file_instance_space: string | null;
  file_instance_external_id: string | null;
  /** SHA-256 of the content that the job was posted for, null where the file had none. */
  content_sha256: string | null;
  prompt: Json<Prompt>;
  segments: JsonWithDefault<Segment[]>;
  failed_items: JsonWithDefault<{ errorMessage: string; items: ResolvedFile[] }[]>;
  /** Number of the latest claim; only its holder may end the job. */
  attempt: Generated<number>;
  /** Attempts that ended in an error that may pass. */
  failures: Generated<number>;
  /** Attempts that ended in nothing at all: counted at the claim, taken back when the attempt reports. */
  interruptions: Generated<number>;
}

/** Every table of Kontur. The tables of the queue belong to pg-boss and lie in the schema `pgboss`. */
export interface Schema {
  files: FilesTable;
  jobs: JobsTable;
}
