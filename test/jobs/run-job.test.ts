import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KonturError } from '#contract/errors';
import { claimJob } from '../../src/jobs/claim-job.ts';
import type { Jobs, JobsOptions } from '../../src/jobs/create-jobs.ts';
import { RETRY_PAUSES } from '../../src/jobs/decide-retry.ts';
import { finishJob } from '../../src/jobs/finish-job.ts';
import { createJobQueue } from '../../src/jobs/job-queue.ts';
import type { JobTask } from '../../src/jobs/job-record.ts';
import type { JobResult } from '../../src/jobs/job-result.ts';
import { giveBack, retryLater } from '../../src/jobs/release-job.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import {
  createTestJobs,
  ended,
  FOUND,
  NOTHING,
  newJob,
  queueMessages,
  recordingLogger,
  until,
} from '../../testing/test-jobs.ts';

/** Seconds between two polls: who waits for one waits longer than a test may take. */
const NEVER = 3600;

/** A run that ends when the test says so. */
function steppedRun() {
  const running: {
    task: JobTask;
    signal: AbortSignal;
    finish: (result: JobResult) => void;
    fail: (error: Error) => void;
  }[] = [];
  const run = (task: JobTask, signal: AbortSignal) =>
    new Promise<JobResult>((finish, fail) => {
      running.push({ task, signal, finish, fail });
    });
  return { running, run };
}

describe.each(DATABASE_KINDS)('running jobs on %s', (kind) => {
  let test: TestDatabase;
  let project: string;
  let started: Jobs[];
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());
  beforeEach(() => {
    project = newProject();
    started = [];
  });
  afterEach(async () => {
    for (const jobs of started) await jobs.stop({ timeoutMs: 0 });
  });

  async function start(options?: Partial<JobsOptions>) {
    const jobs = createTestJobs(test.database, options);
    started.push(jobs);
    await jobs.start();
    return jobs;
  }

  it('runs a job with what was submitted and stores its segments', async () => {
    const tasks: JobTask[] = [];
    const jobs = await start({
      run: async (task) => {
        tasks.push(task);
        return FOUND;
      },
    });
    const job = await jobs.submit(newJob(project));
    const end = await ended(jobs, job);
    const { subject: _, ...submitted } = newJob(project);
    expect(tasks).toEqual([{ ...submitted, jobId: job.jobId }]);
    expect(end).toMatchObject({
      status: 'Completed',
      result: FOUND,
      errorCode: null,
      errorMessage: null,
      failedItems: [],
    });
    expect(end.startTime).toBeGreaterThanOrEqual(job.createdTime);
    expect(end.statusTime).toBeGreaterThanOrEqual(end.startTime!);
  });

  it('shows a job as Running while it runs, and completes it with no segments', async () => {
    const { running, run } = steppedRun();
    const jobs = await start({ run });
    const job = await jobs.submit(newJob(project));
    await until(() => running.length === 1);
    const during = await jobs.find(project, job.jobId);
    expect(during).toMatchObject({ status: 'Running', startTime: expect.any(Number), result: null });
    running[0]!.finish(NOTHING);
    expect(await ended(jobs, job)).toMatchObject({ status: 'Completed', result: NOTHING, startTime: during.startTime });
  });

  it('fails a job at once for a reason that the client can read', async () => {
    let attempts = 0;
    const jobs = await start({
      run: async () => {
        attempts += 1;
        throw new KonturError('image-truncated', 'photo.jpg ends too early.');
      },
    });
    const end = await ended(jobs, await jobs.submit(newJob(project)));
    expect(end).toMatchObject({
      status: 'Failed',
      errorMessage: 'photo.jpg ends too early.',
      errorCode: 'image-truncated',
      failedItems: [{ errorMessage: 'photo.jpg ends too early.', items: [newJob(project).file] }],
      result: null,
    });
    expect(attempts).toBe(1);
  });

  it('tries again what may pass, after the pause of a server', async () => {
    const errors = [new KonturError('unavailable', 'The engine restarts.'), undefined];
    const jobs = await start({
      retryPauses: RETRY_PAUSES,
      run: async () => {
        const error = errors.shift();
        if (error) throw error;
        return FOUND;
      },
    });
    const end = await ended(jobs, await jobs.submit(newJob(project)));
    expect(end).toMatchObject({ status: 'Completed', errorMessage: null });
    expect(end.statusTime - end.startTime!).toBeGreaterThanOrEqual(1000);
    expect(errors).toEqual([]);
  });

  it('fails a job after three attempts without telling the client why, but the log', async () => {
    const logger = recordingLogger();
    let attempts = 0;
    const jobs = await start({
      logger,
      run: async () => {
        attempts += 1;
        throw new Error('secret at /srv/kontur/engine.ts:5');
      },
    });
    const end = await ended(jobs, await jobs.submit(newJob(project)));
    expect(end).toMatchObject({
      status: 'Failed',
      errorCode: 'internal',
      errorMessage: expect.stringContaining('failed 3 times'),
    });
    expect(JSON.stringify(end)).not.toContain('secret');
    expect(attempts).toBe(3);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(3);
  });

  it('fails a job at its time limit, tells its run to stop and goes on with the next', async () => {
    const { running, run } = steppedRun();
    const jobs = await start({ run, jobTimeoutMs: 300, concurrency: 1 });
    const slow = await jobs.submit(newJob(project));
    const next = await jobs.submit(newJob(project));
    const end = await ended(jobs, slow);
    expect(end).toMatchObject({
      status: 'Failed',
      errorCode: 'job-timed-out',
      // On a busy machine it says so too.
      errorMessage: expect.stringMatching(/^The job took longer than 0.3 s and was stopped\.( The machine is|$)/),
    });
    expect(running[0]!.signal.aborted).toBe(true);

    await until(() => running.length === 2);
    running[0]!.finish(FOUND);
    running[1]!.finish(NOTHING);
    await ended(jobs, next);
    expect(await jobs.find(project, slow.jobId)).toEqual(end);
  });

  it('ends a job exactly once: the answer of an earlier claim is refused', async () => {
    const jobs = await start({ concurrency: 0 });
    const { jobId } = await jobs.submit(newJob(project));
    const dependencies = { database: test.database, now: Date.now };
    const lost = (await claimJob(dependencies, jobId))!;
    const latest = (await claimJob(dependencies, jobId))!;
    expect(await finishJob(dependencies, lost, { result: FOUND })).toBe(false);
    expect(await jobs.find(project, jobId)).toMatchObject({ status: 'Running', result: null });
    expect(
      await finishJob(dependencies, latest, { errorCode: 'image-truncated', errorMessage: 'the image is bad' }),
    ).toBe(true);
    expect(await finishJob(dependencies, latest, { result: FOUND })).toBe(false);
    expect(await jobs.find(project, jobId)).toMatchObject({ status: 'Failed', errorMessage: 'the image is bad' });
    expect(await claimJob(dependencies, jobId)).toBeUndefined();
  });

  it('keeps the two attempts at one job apart by their number', async () => {
    const jobs = await start({ concurrency: 0 });
    const { jobId } = await jobs.submit(newJob(project));
    const dependencies = { database: test.database, now: Date.now };
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimJob(dependencies, jobId)));
    expect(claims.map((claim) => claim!.attempt).sort()).toEqual([1, 2, 3, 4, 5]);
    const results = await Promise.all(claims.map((claim) => finishJob(dependencies, claim!, { result: NOTHING })));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('runs no more at the same time than it may, and a backlog without pauses', async () => {
    let running = 0;
    let most = 0;
    const jobs = await start({
      concurrency: 2,
      pollSeconds: NEVER,
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(5);
        running -= 1;
        return NOTHING;
      },
    });
    const submitted = await Promise.all(Array.from({ length: 40 }, () => jobs.submit(newJob(project))));
    for (const job of submitted) expect(await ended(jobs, job)).toMatchObject({ status: 'Completed' });
    expect(most).toBe(2);
  });

  it('starts on a job when it is submitted, not at the next poll', async () => {
    const jobs = await start({ pollSeconds: NEVER });
    for (let count = 0; count < 20; count++) await ended(jobs, await jobs.submit(newJob(project)));
  });

  it('stops by waiting for what runs, and leaves the rest in the queue', async () => {
    const { running, run } = steppedRun();
    const jobs = await start({ run, concurrency: 1 });
    const first = await jobs.submit(newJob(project));
    const second = await jobs.submit(newJob(project));
    await until(() => running.length === 1);
    const stopped = jobs.stop({ timeoutMs: 30_000 });
    await sleep(100);
    running[0]!.finish(FOUND);
    await stopped;
    expect(await jobs.find(project, first.jobId)).toMatchObject({ status: 'Completed' });
    expect(await jobs.find(project, second.jobId)).toMatchObject({ status: 'Queued', startTime: null });
    expect(running).toHaveLength(1);

    const later = await start();
    expect(await ended(later, second)).toMatchObject({ status: 'Completed' });
  });

  it('gives back what still runs when it has to stop, as often as need be, and drops its late answer', async () => {
    const { running, run } = steppedRun();
    let job = undefined as Awaited<ReturnType<Jobs['submit']>> | undefined;
    for (let stop = 1; stop <= 5; stop++) {
      const jobs = await start({ run });
      job ??= await jobs.submit(newJob(project));
      await until(() => running.length === stop);
      await jobs.stop({ timeoutMs: 50 });
      expect(running.at(-1)!.signal.aborted).toBe(true);
    }
    for (const { finish } of running) finish(NOTHING);
    const later = await start();
    expect(await ended(later, job!)).toMatchObject({ status: 'Completed', result: FOUND });
  });

  it('leaves no message waiting when all is done', async () => {
    const jobs = await start();
    await ended(jobs, await jobs.submit(newJob(project)));
    await jobs.stop({ timeoutMs: 5000 });
    const { created, retry, active, failed } = await queueMessages(test.database);
    expect({ created, retry, active, failed }).toEqual({});
  });

  it('holds no attempt against a job that is heard of, be it after the next one has begun', async () => {
    const jobs = await start({ concurrency: 0 });
    const { jobId } = await jobs.submit(newJob(project));
    const { database } = test;
    const dependencies = { database, now: Date.now };
    const lost = (await claimJob(dependencies, jobId))!;
    const latest = (await claimJob(dependencies, jobId))!;
    expect(latest.interruptions).toBe(1);
    await giveBack(database, lost);
    await giveBack(database, latest);
    expect(await claimJob(dependencies, jobId)).toMatchObject({ interruptions: 0, attempt: 3 });
  });

  it('counts an attempt once, and sends the job once, however often that is written', async () => {
    const jobs = await start({ concurrency: 0 });
    const { jobId } = await jobs.submit(newJob(project));
    const { database } = test;
    const queue = createJobQueue({ database, concurrency: 0, handleTimeoutMs: 1_000, logger: recordingLogger() });
    await queue.start(async () => 'settled');
    const dependencies = { database, queue, now: Date.now };
    const claim = (await claimJob(dependencies, jobId))!;
    const { created: before = 0 } = await queueMessages(database);
    for (let time = 0; time < 2; time++)
      await retryLater(dependencies, claim, { delaySeconds: 60, counted: 'outages' });
    await queue.close();
    expect((await queueMessages(database)).created).toBe(before + 1);
    expect(await claimJob(dependencies, jobId)).toMatchObject({ interruptions: 0, failures: 0, outages: 1 });
  });
});
