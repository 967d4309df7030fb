import { KonturError } from '../contract/error-codes.ts';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import type { JobQueue } from './job-queue.ts';
import { type JobRecord, type JobTask, toJobRecord } from './job-record.ts';

/** What a client posts, resolved and checked. */
export type NewJob = Omit<JobTask, 'jobId'> & { subject: string };

/** When a client that was refused may try again: by then a queue of short jobs has moved on. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Creates a job: its row and its queue message in one transaction, so that neither is ever there without the other.
 * @throws KonturError `too-many-jobs` where `maxQueuedPerProject` jobs of the project wait already; nothing is created then.
 */
export async function submitJob(
  {
    database,
    queue,
    maxQueuedPerProject,
    now,
  }: { database: Database; queue: JobQueue; maxQueuedPerProject: number; now: () => number },
  { project, subject, file, contentSha256, upstreamFile, prompt }: NewJob,
): Promise<JobRecord> {
  await refuseOverLimit(database, project, maxQueuedPerProject);
  const time = now();
  const job = await database.kysely.transaction().execute(async (transaction) => {
    const row = await transaction
      .insertInto('jobs')
      .values({
        job_id: randomId(),
        project,
        subject,
        status: 'Queued',
        created_time: time,
        status_time: time,
        file_id: file.fileId,
        file_external_id: file.fileExternalId,
        file_instance_space: file.fileInstanceId?.space,
        file_instance_external_id: file.fileInstanceId?.externalId,
        content_sha256: contentSha256,
        upstream_file: upstreamFile && JSON.stringify(upstreamFile),
        prompt: JSON.stringify(prompt),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await queue.send(transaction, row.job_id);
    return toJobRecord(row);
  });
  queue.wake();
  return job;
}

/** Counts no further than the limit. Jobs that are posted at the same moment may go past it by their number. */
async function refuseOverLimit({ kysely }: Database, project: string, limit: number): Promise<void> {
  const { waiting } = await kysely
    .selectFrom((jobs) =>
      jobs
        .selectFrom('jobs')
        .select('project')
        .where('project', '=', project)
        .where('status', '=', 'Queued')
        .limit(limit)
        .as('queued'),
    )
    .select((queued) => queued.fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  if (waiting < limit) return;
  throw new KonturError(
    'too-many-jobs',
    `${limit} jobs wait in this project already. Post again when some of them have ended.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
