import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { prepared } from '../database/prepared-statements.ts';
import { announceChange } from './job-changes.ts';
import { type JobTask, TASK_COLUMNS, toJobTask } from './job-record.ts';

/** The right to end a job, until someone else claims it. */
export interface Claim {
  task: JobTask;
  /** Only the claim with the latest number may end the job. */
  attempt: number;
  /** Earlier attempts that ended in an error that may pass. */
  failures: number;
  /** Earlier attempts that ended because a part that every job needs was away. */
  outages: number;
  /** Earlier attempts that nothing has been heard of since: their process died, or is cut off. */
  interruptions: number;
  /** Place in the order of work, for when the job is sent again. */
  turn: number;
}

/**
 * The commit does not wait for the disk: should a crash of the database take a claim back, then also whatever followed it, and the job
 * is taken up again. Not where the database is embedded: it dies with the worker, whose attempt has to be remembered.
 */
const WITHOUT_FLUSH = sql`set_config('synchronous_commit', 'off', true)`;

/**
 * Takes a job up: from now on it is Running, and earlier claims are void. Nothing for a job that has ended or is gone: queue
 * messages may come twice.
 */
export async function claimJob(
  { database, now }: { database: Database; now: () => number },
  jobId: number,
): Promise<Claim | undefined> {
  const time = now();
  const row = await database.kysely
    .updateTable('jobs')
    .set({
      status: 'Running',
      status_time: sql`case when status = 'Queued' then ${time}::bigint else status_time end`,
      start_time: sql`coalesce(start_time, ${time}::bigint)`,
      attempt: sql`attempt + 1`,
      interruptions: sql`interruptions + 1`,
    })
    .where('job_id', '=', jobId)
    .where('status', 'in', ['Queued', 'Running'])
    .returning(TASK_COLUMNS)
    .returning(['attempt', 'failures', 'outages', 'interruptions', 'turn'])
    .$if(!database.embedded, (update) => update.returning(WITHOUT_FLUSH.as('flushed')))
    .returning(sql`case when attempt = 1 then ${announceChange} end`.as('announced'))
    .modifyEnd(prepared)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { attempt, failures, outages, interruptions, turn } = row;
  // This attempt was counted as an interruption in advance: if the process dies, nobody is left to do so.
  return { task: toJobTask(row), attempt, failures, outages, interruptions: interruptions - 1, turn };
}
