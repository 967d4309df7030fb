import { KonturError } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import { isBusy, type MachineLoad, tooBusy } from '../runtime/limit-time.ts';
import { runWithin } from '../runtime/run-within.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import { type Claim, claimJob } from './claim-job.ts';
import { decideRetry, isFinal, type RetryPauses } from './decide-retry.ts';
import { finishJob, type JobEnd } from './finish-job.ts';
import type { JobQueue, Outcome } from './job-queue.ts';
import type { JobTask } from './job-record.ts';
import type { JobResult } from './job-result.ts';
import { giveBack, retryLater } from './release-job.ts';
import type { RunningJobs } from './running-jobs.ts';
import { writeWhenPossible } from './write-when-possible.ts';

/** Does the work of a job. Throws KonturError if the client should read the reason; any other error is retried. */
export type Run = (task: JobTask, signal: AbortSignal) => Promise<JobResult>;

/** What running a job depends on. */
export interface RunJobDependencies {
  database: Database;
  queue: JobQueue;
  running: RunningJobs;
  run: Run;
  jobTimeoutMs: number;
  retryPauses: RetryPauses;
  logger: Pick<Logger, 'error' | 'warn'>;
  now: () => number;
}

/** Signals to stop running a job without ending it. */
export interface LetGo {
  /** Aborted when the server stops: the job is given back. */
  stopping: AbortSignal;
  /** Aborted when the queue has given the job to another worker. */
  lost: AbortSignal;
}

/** Interruptions after which the job itself is held to be what takes its process down. */
const MAX_INTERRUPTIONS = 3;

/** Claims a job, runs it, and then ends it, schedules a retry, or gives it back. */
export async function runJob(dependencies: RunJobDependencies, jobId: number, letGo: LetGo): Promise<Outcome> {
  const { stopping, lost } = letGo;
  const claim = await writeWhenPossible(() => claimJob(dependencies, jobId), [stopping, lost]);
  if (claim === undefined) return 'settled';
  if (claim.interruptions >= MAX_INTERRUPTIONS) {
    await writeWhenPossible(() => fail(dependencies, claim, INTERRUPTED), [stopping]);
    return 'settled';
  }
  return dependencies.running.whileRunning(jobId, (calledOff) =>
    runClaimed(dependencies, claim, { ...letGo, calledOff }),
  );
}

async function runClaimed(
  dependencies: RunJobDependencies,
  claim: Claim,
  letGo: LetGo & { calledOff: AbortSignal },
): Promise<Outcome> {
  // A worker that has lost the job reports too: its attempt ended well, so there is no reason to give the job up.
  const report = (write: () => Promise<void>) => writeWhenPossible(write, [letGo.stopping]);
  try {
    const { run, jobTimeoutMs } = dependencies;
    const result = await runWithin((signal) => run(claim.task, signal), {
      timeoutMs: jobTimeoutMs,
      timeoutReason: timedOut(jobTimeoutMs),
      signals: [letGo.stopping, letGo.lost, letGo.calledOff],
    });
    await report(() => end(dependencies, claim, { result }));
    return 'settled';
  } catch (error) {
    if (letGo.calledOff.aborted) return 'settled';
    if (letGo.lost.aborted || letGo.stopping.aborted) {
      await report(() => giveBack(dependencies.database, claim));
      return 'given-back';
    }
    await report(afterFailure(dependencies, claim, error));
    return 'settled';
  }
}

/** Returns the function that writes the outcome of an attempt that threw `error`. */
function afterFailure(dependencies: RunJobDependencies, claim: Claim, error: unknown): () => Promise<void> {
  if (isFinal(error)) return () => fail(dependencies, claim, error);
  const decision = decideRetry(error, claim, dependencies.retryPauses);
  const { jobId, project } = claim.task;
  dependencies.logger.error(
    { err: error, jobId, project, attempt: claim.attempt, ...decision },
    'an attempt at a job failed',
  );
  if ('errorMessage' in decision) return () => end(dependencies, claim, decision);
  return () => retryLater(dependencies, claim, decision);
}

const fail = (dependencies: RunJobDependencies, claim: Claim, { code, message }: KonturError) =>
  end(dependencies, claim, { errorCode: code, errorMessage: message });

async function end(dependencies: RunJobDependencies, claim: Claim, jobEnd: JobEnd) {
  if (await finishJob(dependencies, claim, jobEnd)) return;
  await giveBack(dependencies.database, claim);
  const { jobId, project } = claim.task;
  dependencies.logger.warn(
    { jobId, project, attempt: claim.attempt },
    'a late answer was dropped: the job went on without it',
  );
}

const timedOut = (jobTimeoutMs: number) => (load: MachineLoad) =>
  new KonturError(
    'job-timed-out',
    `The job took longer than ${jobTimeoutMs / 1000} s and was stopped.${isBusy(load) ? ` ${tooBusy(load)}` : ''}`,
  );
const INTERRUPTED = new KonturError(
  'job-interrupted',
  `The server was interrupted ${MAX_INTERRUPTIONS} times while it ran this job, which is not tried again. Its image may be the cause.`,
);
