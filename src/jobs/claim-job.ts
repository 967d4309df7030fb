import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { prepared } from '../database/prepared-statements.ts';
import { announceChange } from './job-changes.ts';
import { type JobTask, TASK_COLUMNS, toJobTask } from './job-record.ts';

/** A worker's lease on a job: the right to end it, until another worker claims it. */
export interface Claim {
  task: JobTask;
  /** Fence number: only the claim with the latest attempt may end the job. */
  attempt: number;
  /** Earlier attempts that ended in an error worth a retry. */
  failures: number;
  /** Earlier attempts that ended because something that every job needs was unavailable. */
  outages: number;
  /** Earlier attempts that never reported: their process died or is cut off. */
  interruptions: number;
  /** Position in the queue's order, to use when the message is sent again. */
  turn: number;
}

/**
 * The commit does not wait for the disk: if a crash of the database loses a claim, it loses everything after it too,
 * and the job is claimed again. Not with an embedded database: it dies with the worker, whose attempt must be
 * remembered.
 */
const WITHOUT_FLUSH = sql`set_config('synchronous_commit', 'off', true)`;

/**
 * Claims a job for this worker: it becomes Running, and earlier claims are void.
 *
 * @returns undefined for a job that has ended or does not exist: queue messages may arrive twice
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
