import type { Selectable } from 'kysely';
import type { ErrorCode } from '#contract/errors';
import type { ResolvedFile } from '#contract/files/file-reference';
import type { Prompt } from '#contract/vision/prompt';
import type { JobStatus } from '#contract/vision/segment-job';
import type { JobsTable, UpstreamFile } from '../database/schema.ts';
import { type JobResult, type ResultColumns, toJobResult } from './job-result.ts';
import type { OldResult } from './old-results.ts';

/** The work of a job: cut the prompted objects out of the image. */
export interface JobTask {
  jobId: number;
  project: string;
  file: ResolvedFile;
  /** SHA-256 of the content that the job was posted for; absent if the file had none. */
  contentSha256?: string;
  /** What an upstream reported about the file; absent for files of this server, and once the job has ended. */
  upstreamFile?: UpstreamFile;
  prompt: Prompt;
}

/** A job as the server knows it. Times are milliseconds since 1970-01-01 UTC. */
export interface JobRecord extends JobTask {
  /** Who posted it: the subject of the token. */
  subject: string;
  status: JobStatus;
  createdTime: number;
  /** When the job was first claimed; null while it is Queued. */
  startTime: number | null;
  statusTime: number;
  errorMessage: string | null;
  /** Kind of the error in `errorMessage`; also null for jobs that failed before kinds were kept. */
  errorCode: ErrorCode | null;
  /** What the job found; null unless it is Completed. */
  result: JobResult | OldResult | null;
  failedItems: { errorMessage: string; items: ResolvedFile[] }[];
}

type JobRow = Pick<Selectable<JobsTable>, (typeof LISTED_COLUMNS)[number]>;

/** A job without its result. */
export type JobState = Omit<JobRecord, 'result'>;

/** Converts a row with its result columns to the record of a job. */
export const toJobRecord = (row: JobRow & ResultColumns): JobRecord => ({
  ...toJobState(row),
  result: row.status === 'Completed' ? toJobResult(row) : null,
});

/** Converts a row to the state of a job, without its result. */
export function toJobState(row: JobRow): JobState {
  return {
    ...toJobTask(row),
    subject: row.subject,
    status: row.status,
    createdTime: row.created_time,
    startTime: row.start_time,
    statusTime: row.status_time,
    errorMessage: row.error_message,
    errorCode: row.error_code,
    failedItems: row.failed_items,
  };
}

/** The columns of the work of a job. */
export const TASK_COLUMNS = [
  'job_id',
  'project',
  'file_id',
  'file_external_id',
  'file_instance_space',
  'file_instance_external_id',
  'content_sha256',
  'upstream_file',
  'prompt',
] as const;

/** The columns of a job's state, without its result. */
export const LISTED_COLUMNS = [
  ...TASK_COLUMNS,
  'subject',
  'status',
  'created_time',
  'start_time',
  'status_time',
  'error_message',
  'error_code',
  'failed_items',
] as const;

/** Converts the work columns of a row to the task of a job. */
export function toJobTask(row: Pick<JobRow, (typeof TASK_COLUMNS)[number]>): JobTask {
  return {
    jobId: row.job_id,
    project: row.project,
    file: {
      fileId: row.file_id,
      ...(row.file_external_id !== null && { fileExternalId: row.file_external_id }),
      // Both are written together.
      ...(row.file_instance_space !== null &&
        row.file_instance_external_id !== null && {
          fileInstanceId: { space: row.file_instance_space, externalId: row.file_instance_external_id },
        }),
    },
    ...(row.content_sha256 !== null && { contentSha256: row.content_sha256 }),
    ...(row.upstream_file !== null && { upstreamFile: row.upstream_file }),
    prompt: row.prompt,
  };
}
