import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../database/open-database.ts';
import { findJob } from './find-job.ts';
import { createJobQueue } from './job-queue.ts';
import type { JobRecord } from './job-record.ts';
import { type Run, runJob } from './run-job.ts';
import { type NewJob, submitJob } from './submit-job.ts';

/** The operations on jobs. What each does and throws is said where it is written. */
export interface Jobs {
  submit(job: NewJob): Promise<JobRecord>;
  find(project: string, jobId: number): Promise<JobRecord>;
  /** Has to be called before `submit`. Takes up what an earlier process left. */
  start(): Promise<void>;
  /** Takes up nothing more, waits up to `timeoutMs` for what runs, gives back what runs still, and resolves. */
  stop(options: { timeoutMs: number }): Promise<void>;
}

/** What jobs take, and their limits. */
export interface JobsOptions {
  database: Database;
  run: Run;
  /** Jobs run at the same time by this process; 0 where it only submits and finds. */
  concurrency: number;
  jobTimeoutMs: number;
  maxQueuedPerProject: number;
  logger: Pick<FastifyBaseLogger, 'error' | 'warn' | 'debug'>;
  /** Milliseconds since 1970-01-01 UTC. */
  now?: () => number;
}

/** What a handler does beside running the job takes no longer. */
const HANDLING_MS = 30_000;

/** Jobs over a database, with a queue of their own in it. */
export function createJobs({ now = Date.now, ...options }: JobsOptions): Jobs {
  const { database, run, concurrency, jobTimeoutMs, maxQueuedPerProject, logger } = options;
  const queue = createJobQueue({ database, concurrency, handleTimeoutMs: jobTimeoutMs + HANDLING_MS, logger });
  const stopping = new AbortController();

  return {
    submit: (job) => submitJob({ database, queue, maxQueuedPerProject, now }, job),
    find: (project, jobId) => findJob({ database }, project, jobId),
    start: () =>
      queue.start((jobId, lost) =>
        runJob({ database, queue, run, jobTimeoutMs, logger, now }, jobId, { stopping: stopping.signal, lost }),
      ),
    async stop({ timeoutMs }) {
      const timer = setTimeout(() => stopping.abort(new Error('The server stops.')), timeoutMs);
      await queue.drain();
      clearTimeout(timer);
      await queue.close();
    },
  };
}
