import { type RawBuilder, type Selectable, sql } from 'kysely';
import { KonturError } from '../contract/error-codes.ts';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import type { JobsTable } from '../database/schema.ts';
import { announceChange } from './job-changes.ts';
import type { JobQueue } from './job-queue.ts';
import { type JobRecord, type JobTask, toJobRecord } from './job-record.ts';
import type { Waiting, WaitingLimits } from './waiting-limits.ts';

/** What a client posts, resolved and checked. */
export type NewJob = Omit<JobTask, 'jobId'> & { subject: string };

/** When a client that was refused may try again: by then a queue of short jobs has moved on. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Creates a job: its row and its queue message in one transaction, so that neither is ever there without the other.
 * @throws KonturError `too-many-jobs` where too many jobs wait already, of the project or in total; nothing is created then.
 */
export async function submitJob(
  {
    database,
    queue,
    waitingLimits,
    now,
  }: { database: Database; queue: JobQueue; waitingLimits: WaitingLimits; now: () => number },
  newJob: NewJob,
): Promise<JobRecord> {
  const { project } = newJob;
  const countUpTo = waitingLimits.countUpTo(project);
  const counting = countUpTo.ofProject > 0;
  const job = await database.kysely.transaction().execute(async (transaction) => {
    const { rows } = await insertBelow(newJob, { countUpTo, limits: waitingLimits.limits, time: now() }).execute(
      transaction,
    );
    const [{ waiting_of_project: ofProject, waiting_in_total: inTotal, ...row }] = rows as [InsertedRow];
    if (counting) waitingLimits.counted(project, { ofProject, inTotal });
    if (row.job_id === null) throw tooMany(ofProject, waitingLimits.limits);
    await queue.send(transaction, row.job_id, { turn: row.turn });
    return toJobRecord(row);
  });
  queue.wake();
  return job;
}

type InsertedRow = { waiting_of_project: number; waiting_in_total: number } & (
  | Selectable<JobsTable>
  | { job_id: null; turn: null }
);

/**
 * Inserts the job unless a limit is reached, in the one statement that counts: each would cost as much as the other.
 * The job's turn comes after its project's last one that waits, and not before the first of any project, so that a project
 * with one job waits for about one job of each of the others, however many those have.
 */
function insertBelow(
  { project, subject, file, contentSha256, upstreamFile, prompt }: NewJob,
  { countUpTo, limits, time }: { countUpTo: Waiting; limits: Waiting; time: number },
): RawBuilder<unknown> {
  const { fileId, fileExternalId = null, fileInstanceId } = file;
  return sql`
    with waiting as (
      select
        (select count(*) from (
          select 1 from jobs where project = ${project} and status = 'Queued' limit ${countUpTo.ofProject}
        ) as counted) as waiting_of_project,
        (select count(*) from (
          select 1 from jobs where status = 'Queued' limit ${countUpTo.inTotal}
        ) as counted) as waiting_in_total
    ), created as (
      insert into jobs (
        job_id, project, subject, status, created_time, status_time, file_id, file_external_id, file_instance_space,
        file_instance_external_id, content_sha256, upstream_file, prompt, turn)
      select
        ${randomId()}::bigint, ${project}, ${subject}, 'Queued', ${time}::bigint, ${time}::bigint, ${fileId}::bigint,
        ${fileExternalId}, ${fileInstanceId?.space ?? null}, ${fileInstanceId?.externalId ?? null}, ${contentSha256 ?? null},
        ${upstreamFile === undefined ? null : JSON.stringify(upstreamFile)}::jsonb, ${JSON.stringify(prompt)}::jsonb,
        coalesce(
          (select max(turn) + 1 from jobs where project = ${project} and status = 'Queued'),
          (select min(turn) from jobs where status = 'Queued'),
          0)
      from waiting
      where waiting_of_project < ${limits.ofProject}::bigint and waiting_in_total < ${limits.inTotal}::bigint
      returning *, ${announceChange} as announced
    )
    select * from waiting left join created on true`;
}

function tooMany(waitingOfProject: number, limits: Waiting): KonturError {
  const ofProject = waitingOfProject >= limits.ofProject;
  return new KonturError(
    'too-many-jobs',
    ofProject
      ? `${limits.ofProject} jobs wait in this project already. Post again when some of them have ended.`
      : `${limits.inTotal} jobs wait on this server already. Post again when some of them have ended.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
