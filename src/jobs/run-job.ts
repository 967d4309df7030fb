import { KonturError } from '../contract/error-codes.ts';
import type { Segment } from '../contract/segment-job.ts';
import type { Database } from '../database/open-database.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import { type Claim, claimJob } from './claim-job.ts';
import { finishJob, type JobEnd } from './finish-job.ts';
import type { JobQueue, Outcome } from './job-queue.ts';
import type { JobTask } from './job-record.ts';
import { giveBack, retryLater } from './release-job.ts';
import { runWithin } from './run-within.ts';
import type { RunningJobs } from './running-jobs.ts';
import { writeWhenRoom } from './write-when-room.ts';

/** Does the work of a job. Throws a KonturError where the client should read the reason; any other error may pass. */
export type Run = (task: JobTask, signal: AbortSignal) => Promise<Segment[]>;

/** What running a job takes. */
export interface RunJobDependencies {
  database: Database;
  queue: JobQueue;
  running: RunningJobs;
  run: Run;
  jobTimeoutMs: number;
  logger: Pick<Logger, 'error' | 'warn'>;
  now: () => number;
}

/** Why a job is let go of without an end. */
export interface LetGo {
  /** Aborted when the server stops: the job is given back. */
  stopping: AbortSignal;
  /** Aborted when the queue has given the job to someone else. */
  lost: AbortSignal;
}

/** Pauses before the second and the third attempt at a job that failed for a reason that may pass. */
const RETRY_DELAYS_SECONDS = [1, 5];
/** The same where a part that the job needs is away, which has little to do with the job. */
const AWAY_DELAYS_SECONDS = [1, 5, 15, 30, 60, 60, 60, 60];
/** So often may a job take its process down before it is held to be the cause. */
const MAX_INTERRUPTIONS = 3;

/** Takes a job up, runs it and ends it; or sends it again, or gives it back. */
export async function runJob(dependencies: RunJobDependencies, jobId: number, letGo: LetGo): Promise<Outcome> {
  const claim = await claimJob(dependencies, jobId);
  if (claim === undefined) return 'settled';
  if (claim.interruptions >= MAX_INTERRUPTIONS) {
    await fail(dependencies, claim, INTERRUPTED);
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
  const signals = [letGo.stopping, letGo.lost, letGo.calledOff];
  try {
    const { run, jobTimeoutMs } = dependencies;
    const segments = await runWithin((signal) => run(claim.task, signal), {
      timeoutMs: jobTimeoutMs,
      timeoutReason: timedOut(jobTimeoutMs),
      signals,
    });
    await writeWhenRoom(() => end(dependencies, claim, { segments }), signals);
    return 'settled';
  } catch (error) {
    if (letGo.lost.aborted || letGo.calledOff.aborted) return 'settled';
    if (letGo.stopping.aborted) {
      await giveBack(dependencies, claim);
      return 'given-back';
    }
    await writeWhenRoom(() => failOrRetry(dependencies, claim, error), signals);
    return 'settled';
  }
}

async function failOrRetry(dependencies: RunJobDependencies, claim: Claim, error: unknown): Promise<void> {
  if (error instanceof KonturError && isFinal(error)) return fail(dependencies, claim, error);
  const { jobId, project } = claim.task;
  const away = error instanceof KonturError && error.code === 'unavailable';
  const delaySeconds = (away ? AWAY_DELAYS_SECONDS : RETRY_DELAYS_SECONDS)[claim.failures];
  dependencies.logger.error(
    { err: error, jobId, project, attempt: claim.attempt, delaySeconds },
    'an attempt at a job failed',
  );
  if (delaySeconds === undefined) return fail(dependencies, claim, fault(claim.failures + 1));
  await retryLater(dependencies, claim, delaySeconds);
}

/** Another attempt would end the same way: the input is at fault, or the job takes too long. */
function isFinal(error: KonturError): boolean {
  return error.code === 'job-timed-out' || (error.status < 500 && error.code !== 'too-many-jobs');
}

const fail = (dependencies: RunJobDependencies, claim: Claim, { message }: Error) =>
  end(dependencies, claim, { errorMessage: message });

async function end(dependencies: RunJobDependencies, claim: Claim, jobEnd: JobEnd) {
  if (await finishJob(dependencies, claim, jobEnd)) return;
  const { jobId, project } = claim.task;
  dependencies.logger.warn(
    { jobId, project, attempt: claim.attempt },
    'a late answer was dropped: the job went on without it',
  );
}

const timedOut = (jobTimeoutMs: number) =>
  new KonturError('job-timed-out', `The job took longer than ${jobTimeoutMs / 1000} s and was stopped.`);
const INTERRUPTED = new KonturError(
  'job-interrupted',
  `The server was interrupted ${MAX_INTERRUPTIONS} times while it ran this job, which is not tried again. Its image may be the cause.`,
);
const fault = (attempts: number) =>
  new KonturError(
    'internal',
    `The job failed ${attempts} times through a fault of the server, whose log has the reason. Post it again later.`,
  );
