import { randomUUID } from 'node:crypto';

import { type Kysely, sql } from 'kysely';
import { fromKysely, type Job, PgBoss } from 'pg-boss';
import { defined } from '#contract/defined';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** What happened to a message: it is settled, or given back for another worker. */
export type Outcome = 'settled' | 'given-back';

/** Handles a message; `lost` is aborted when the queue has given the message to another worker. */
export type Handle = (jobId: number, lost: AbortSignal) => Promise<Outcome>;

/** Order of a message: after those with a lower turn, and not before the delay. */
export interface Order {
  turn: number;
  delaySeconds?: number;
}

/** Messages with job ids from the processes that submit jobs to those that run them, delivered at least once. */
export interface JobQueue {
  /** Migrates the tables of the queue. */
  prepare(): Promise<void>;
  /** Prepares the queue and, with a concurrency above 0, starts its workers. */
  start(handle: Handle): Promise<void>;
  /** Adds a message in the caller's transaction. */
  send(transaction: Kysely<Schema>, jobId: number, order: Order): Promise<void>;
  /** Makes an idle worker of this process fetch messages now. */
  wake(): void;
  /** Fetches no more messages; resolves when every handler has ended. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Dependencies and settings of the queue. */
export interface JobQueueOptions {
  database: Database;
  /** Messages that this process handles at the same time. */
  concurrency: number;
  /** Upper bound of the time that a handler takes. */
  handleTimeoutMs: number;
  /** Polling interval of idle workers: reconciliation for missed wake-ups, and the granularity of retries. */
  pollSeconds?: number;
  logger: Pick<Logger, 'error' | 'debug'>;
}

const QUEUE = 'segment';
/** A query for the ids of jobs that have a message, waiting or being handled. */
export const jobIdsOfMessages = (kysely: Kysely<Schema>) =>
  kysely
    .selectFrom(
      sql<{ job_id: number }>`(
      select (data ->> 'jobId')::bigint as job_id from pgboss.job where name = ${QUEUE} and state < 'completed'
    )`.as('messages'),
    )
    .select('job_id');
/** The least that pg-boss allows. A worker that has been silent for this long loses its messages. */
const HEARTBEAT_SECONDS = 10;
const YEAR_SECONDS = 365 * 24 * 3600;
/** Longest time for a handler that pg-boss accepts: a day. */
const MAX_HANDLE_SECONDS = 24 * 3600;

/** The queue of segment jobs: pg-boss in the database of the rows. */
export function createJobQueue({
  database,
  concurrency,
  handleTimeoutMs,
  pollSeconds = 1,
  logger,
}: JobQueueOptions): JobQueue {
  const { embedded } = database;
  const boss = new PgBoss({
    ...database.queueConnection,
    useListenNotify: false,
    schedule: false,
    superviseIntervalSeconds: embedded ? 60 : 2,
    monitorIntervalSeconds: embedded ? 60 : 2,
    maintenanceIntervalSeconds: 60,
    flowIntervalSeconds: 3600,
  });
  boss.on('error', (error) => logger.error({ err: error }, 'the job queue met an error'));
  boss.on('warning', (warning) => logger.debug({ warning }, 'the job queue warns'));

  /** One pg-boss worker per slot: it fetches, handles, settles and fetches again. */
  const slots: { workerId: string; busy: boolean }[] = [];
  let lastWoken = 0;

  async function addSlot(handle: Handle) {
    const slot = { workerId: '', busy: false };
    slots.push(slot);
    const work = async ([message]: Job<{ jobId: number }>[]) => {
      slot.busy = true;
      try {
        const { data, signal } = defined(message, 'message of the job');
        const outcome = await handle(data.jobId, signal);
        if (outcome === 'given-back') throw new Error('The job was given back.');
      } finally {
        slot.busy = false;
        // Otherwise the worker would wait for the next poll while messages wait.
        boss.notifyWorker(slot.workerId);
      }
    };
    slot.workerId = await boss.work<{ jobId: number }>(QUEUE, { pollingIntervalSeconds: pollSeconds }, work);
  }

  return {
    async prepare() {
      await boss.start();
    },

    async start(handle) {
      await boss.start();
      const options = {
        // Workers are woken by the announcement of the job itself.
        notify: false,
        expireInSeconds: Math.min(Math.ceil(handleTimeoutMs / 1000), MAX_HANDLE_SECONDS),
        ...(!embedded && { heartbeatSeconds: HEARTBEAT_SECONDS }),
        retentionSeconds: YEAR_SECONDS,
        deleteAfterSeconds: 60,
        // Attempts are counted in the rows; pg-boss only redelivers what a worker lost or gave back.
        retryLimit: 1000,
        retryDelay: 1,
      };
      await boss.createQueue(QUEUE, options);
      await boss.updateQueue(QUEUE, options);
      // Caches the queue in pg-boss. Otherwise it would look it up within the first sender's transaction but on another
      // connection: with the one connection of PGlite, that is a deadlock.
      await boss.findJobs(QUEUE, { id: randomUUID() });
      if (embedded) await recover(boss, database);
      for (let count = 0; count < concurrency; count++) await addSlot(handle);
    },

    async send(transaction, jobId, { turn, delaySeconds }) {
      const options = { db: fromKysely(transaction), priority: -turn, startAfter: delaySeconds };
      const id = await boss.send(QUEUE, { jobId }, options);
      if (id === null) throw new Error(`The queue did not take the message for job ${jobId}.`);
    },

    wake() {
      // Round-robin, so that two messages in a row wake two slots although the first is not busy yet.
      for (let step = 1; step <= slots.length; step++) {
        const candidate = (lastWoken + step) % slots.length;
        const slot = slots[candidate];
        if (slot === undefined || slot.busy) continue;
        lastWoken = candidate;
        boss.notifyWorker(slot.workerId);
        return;
      }
    },

    drain: () => boss.offWork(QUEUE),
    close: () => boss.stop({ graceful: false }),
  };
}

/**
 * Only this process uses an embedded database: messages being handled at the start belonged to a process that was
 * killed.
 */
async function recover(boss: PgBoss, { kysely }: Database): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from pgboss.job where name = ${QUEUE} and state = 'active'`.execute(kysely);
  if (rows.length === 0) return;
  await boss.fail(
    QUEUE,
    rows.map(({ id }) => id),
  );
}
