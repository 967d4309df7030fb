import { type RawBuilder, sql } from 'kysely';
import { KonturError } from '#contract/errors';
import { UncertainCommit } from '../database/database-error.ts';
import type { Database } from '../database/open-database.ts';
import { prepared } from '../database/prepared-statements.ts';
import { randomId } from '../database/random-id.ts';
import { announceChange } from './job-changes.ts';
import type { JobQueue } from './job-queue.ts';
import type { JobRecord, JobTask } from './job-record.ts';
import type { Waiting, WaitingLimits } from './waiting-limits.ts';

/** A job as a client posts it, resolved and checked. */
export type NewJob = Omit<JobTask, 'jobId'> & { subject: string };

/** When a refused client should retry: by then a queue of short jobs has moved on. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Creates a job: its row and its queue message in one transaction, so that neither exists without the other.
 *
 * @throws KonturError `too-many-jobs` if too many jobs wait already, in the project or in total; nothing is created
 *   then. `unconfirmed` if the connection was lost at the commit and the database could not be asked afterwards.
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
  const jobId = randomId();
  const time = now();
  const { limits } = waitingLimits;
  const counting = waitingLimits.mustCount(project);
  const create = database.kysely.transaction().execute(async (transaction) => {
    const insert = insertJob(newJob, { jobId, time });
    const statement = counting ? insertBelow(insert, { project, limits }) : insert(sql``);
    const { rows } = await sql`${statement} ${prepared}`.execute(transaction);
    const [row] = rows as [{ turn: number | null; waiting_of_project: number; waiting_in_total: number }];
    if (counting) {
      waitingLimits.counted(project, { ofProject: row.waiting_of_project, inTotal: row.waiting_in_total });
    }
    if (row.turn === null) throw tooMany(row.waiting_of_project, limits);
    await queue.send(transaction, jobId, { turn: row.turn });
    // In an embedded database the worker's query waits for the end of this transaction, which is faster than waking it
    // afterwards.
    if (database.embedded) queue.wake();
  });
  await create.catch(async (error) => {
    const created = error instanceof UncertainCommit && (await isThere(database, jobId).catch(() => false));
    if (!created) throw error;
  });
  // The announcement wakes workers too, but later, and in every process.
  if (!database.embedded) queue.wake();
  return {
    ...newJob,
    jobId,
    status: 'Queued',
    createdTime: time,
    startTime: null,
    statusTime: time,
    errorMessage: null,
    errorCode: null,
    result: null,
    failedItems: [],
  };
}

async function isThere({ kysely }: Database, jobId: number): Promise<boolean> {
  const row = await kysely.selectFrom('jobs').select('job_id').where('job_id', '=', jobId).executeTakeFirst();
  return row !== undefined;
}

/**
 * Inserts the job if the condition holds. For fairness its turn comes after the last waiting one of its project, and
 * not before the first of any project: a project with one job waits for about one job of each other project, however
 * many those have.
 */
function insertJob(
  { project, subject, file, contentSha256, upstreamFile, prompt }: NewJob,
  { jobId, time }: { jobId: number; time: number },
) {
  const { fileId, fileExternalId = null, fileInstanceId } = file;
  return (condition: RawBuilder<unknown>) => sql`
    insert into jobs (
      job_id, project, subject, status, created_time, status_time, file_id, file_external_id, file_instance_space,
      file_instance_external_id, content_sha256, upstream_file, prompt, turn)
    select
      ${jobId}::bigint, ${project}, ${subject}, 'Queued', ${time}::bigint, ${time}::bigint, ${fileId}::bigint,
      ${fileExternalId}, ${fileInstanceId?.space ?? null}, ${fileInstanceId?.externalId ?? null}, ${contentSha256 ?? null},
      ${upstreamFile === undefined ? null : JSON.stringify(upstreamFile)}::jsonb, ${JSON.stringify(prompt)}::jsonb,
      coalesce(
        (select turn + 1 from jobs where project = ${project} and status = 'Queued' order by turn desc limit 1),
        (select turn from jobs where status = 'Queued' order by turn limit 1),
        0)
    ${condition}
    returning turn, ${announceChange} as announced`;
}

/** Inserts the job unless a limit is reached, in one statement that also counts: a second one would double the cost. */
function insertBelow(
  insert: ReturnType<typeof insertJob>,
  { project, limits }: { project: string; limits: Waiting },
): RawBuilder<unknown> {
  return sql`
    with waiting as (
      select
        (select count(*) from (
          select 1 from jobs where project = ${project} and status = 'Queued' limit ${limits.ofProject}
        ) as counted) as waiting_of_project,
        (select count(*) from (
          select 1 from jobs where status = 'Queued' limit ${limits.inTotal}
        ) as counted) as waiting_in_total
    ), created as (
      ${insert(sql`
        from waiting
        where waiting_of_project < ${limits.ofProject}::bigint and waiting_in_total < ${limits.inTotal}::bigint`)}
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
