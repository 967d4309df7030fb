import type { Database } from '../database/open-database.ts';
import { MOST_STRETCH } from '../runtime/limit-time.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import { type Canceller, cancelJob } from './cancel-job.ts';
import { RETRY_PAUSES, type RetryPauses } from './decide-retry.ts';
import { findJob } from './find-job.ts';
import { createJobChanges, type JobChangeListener } from './job-changes.ts';
import { createJobQueue } from './job-queue.ts';
import type { JobRecord } from './job-record.ts';
import { type JobListQuery, type JobPage, listJobs, type Readable } from './list-jobs.ts';
import { type Run, runJob } from './run-job.ts';
import { createRunningJobs } from './running-jobs.ts';
import { sendMissing } from './send-missing.ts';
import { type NewJob, submitJob } from './submit-job.ts';
import { createWaitingLimits } from './waiting-limits.ts';

/** The operations on jobs. Each is documented, with what it throws, at its function in this folder. */
export interface Jobs {
  submit(job: NewJob): Promise<JobRecord>;
  find(project: string, jobId: number): Promise<JobRecord>;
  list(project: string, query: JobListQuery, readable: Readable): Promise<JobPage>;
  cancel(project: string, jobId: number, options?: { canceller?: Canceller }): Promise<'cancelled' | 'erased'>;
  /** Calls the listener for every change that any process makes. Call the returned function to unsubscribe. */
  subscribe(listener: JobChangeListener): () => void;
  /** Starts the queue and its workers; must be called before `submit`. Recovers jobs that an earlier process left. */
  start(): Promise<void>;
  /** Claims no more jobs, waits up to `timeoutMs` for running ones, gives the rest back, and resolves. */
  stop(options: { timeoutMs: number }): Promise<void>;
}

/** What the job operations depend on, and their limits. */
export interface JobsOptions {
  database: Database;
  run: Run;
  /** Jobs that this process runs at the same time; 0 if it only submits and finds them. */
  concurrency: number;
  jobTimeoutMs: number;
  maxQueuedPerProject: number;
  /** Limit of waiting jobs of all projects together; unlimited if undefined. */
  maxQueued?: number;
  /** Default: `RETRY_PAUSES`. */
  retryPauses?: RetryPauses;
  /** How often idle workers poll for jobs without being woken. */
  pollSeconds?: number;
  logger: Pick<Logger, 'error' | 'warn' | 'debug'>;
  /** Milliseconds since 1970-01-01 UTC. */
  now?: () => number;
}

/** Longest time that a handler needs in addition to running the job. */
const HANDLING_MS = 30_000;
/** A database that does not answer must not keep the server from stopping; other workers then take over its jobs. */
const GIVE_BACK_MS = 2_000;
const SAFETY_NET_MS = 60_000;

/** The operations on jobs over a database, with a queue in the same database. */
export function createJobs({ now = Date.now, ...options }: JobsOptions): Jobs {
  const { database, run, concurrency, jobTimeoutMs, maxQueuedPerProject, logger } = options;
  const { maxQueued = Number.MAX_SAFE_INTEGER, retryPauses = RETRY_PAUSES } = options;
  const handleTimeoutMs = MOST_STRETCH * jobTimeoutMs + HANDLING_MS;
  const queue = createJobQueue({ database, concurrency, handleTimeoutMs, pollSeconds: options.pollSeconds, logger });
  const changes = createJobChanges({ database });
  const running = createRunningJobs({ database, changes });
  const waitingLimits = createWaitingLimits({ ofProject: maxQueuedPerProject, inTotal: maxQueued });
  const stopping = new AbortController();
  changes.subscribe({
    changed({ status }) {
      // Jobs submitted by other processes; an embedded database has none.
      if (status === 'Queued' && !database.embedded) queue.wake();
    },
    missed: queue.wake,
  });
  const safetyNet = repeatRegularly(() => sendMissing({ database, queue }), {
    intervalMs: SAFETY_NET_MS,
    onDone: (jobIds) => jobIds.length > 0 && logger.warn({ jobIds }, 'jobs had lost their messages, and got others'),
    onError: (error) => logger.error({ err: error }, 'jobs without messages could not be looked for'),
  });

  return {
    submit: (newJob) => submitJob({ database, queue, waitingLimits, now }, newJob),
    find: (project, jobId) => findJob({ database }, project, jobId),
    list: (project, query, readable) => listJobs({ database }, project, query, readable),
    cancel: (project, jobId, options) => cancelJob({ database, now }, project, jobId, options),
    subscribe: changes.subscribe,
    async start() {
      await changes.start();
      await queue.start((jobId, lost) =>
        runJob({ database, queue, running, run, jobTimeoutMs, retryPauses, logger, now }, jobId, {
          stopping: stopping.signal,
          lost,
        }),
      );
      safetyNet.start();
    },
    async stop({ timeoutMs }) {
      const drained = queue.drain();
      await atMost(timeoutMs, drained);
      stopping.abort(new Error('The server stops.'));
      const closed = Promise.all([drained, safetyNet.stop()]).then(queue.close).then(changes.stop);
      await atMost(GIVE_BACK_MS, closed);
    },
  };
}

/** Waits for a promise, but no longer than `ms`. */
async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, over]).finally(() => clearTimeout(timer));
}
