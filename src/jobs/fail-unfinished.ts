import { type Kysely, sql } from 'kysely';
import { KonturError } from '#contract/errors';
import type { Schema } from '../database/schema.ts';
import { announceChange } from './job-changes.ts';

/** SQL for the file of a row as the wire names it in a job's failed item. */
const FILE_OF_ROW = sql`json_strip_nulls(json_build_object(
  'fileId', file_id,
  'fileExternalId', file_external_id,
  'fileInstanceId', case when file_instance_space is not null
    then json_build_object('space', file_instance_space, 'externalId', file_instance_external_id) end))`;

/**
 * Ends a queued or running job as cancelled. Its run is aborted in whichever process it is, and its answer refused.
 *
 * @returns false if the project has no such unfinished job
 */
export async function failCancelled(
  kysely: Kysely<Schema>,
  { project, jobId, time }: { project: string; jobId: number; time: number },
): Promise<boolean> {
  const error = new KonturError('job-cancelled', 'The job was cancelled.');
  const rows = await failUnfinished(kysely, error, time)
    .where('job_id', '=', jobId)
    .where('project', '=', project)
    .execute();
  return rows.length === 1;
}

/** Ends every unfinished job on files that are deleted in this transaction. */
export async function failJobsOfDeletedFiles(kysely: Kysely<Schema>, fileIds: number[], time: number): Promise<void> {
  const error = new KonturError('image-file-deleted', 'The file was deleted before the job had ended.');
  await failUnfinished(kysely, error, time).where('file_id', 'in', fileIds).execute();
}

function failUnfinished(kysely: Kysely<Schema>, { code, message }: KonturError, time: number) {
  return kysely
    .updateTable('jobs')
    .set({
      status: 'Failed',
      status_time: time,
      error_code: code,
      error_message: message,
      failed_items: sql`json_build_array(json_build_object(
        'errorMessage', ${message}::text, 'items', json_build_array(${FILE_OF_ROW})))::jsonb`,
      upstream_file: null,
    })
    .where('status', 'in', ['Queued', 'Running'])
    .returning(announceChange.as('announced'));
}
