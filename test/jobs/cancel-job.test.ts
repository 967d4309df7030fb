import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Jobs, JobsOptions } from '../../src/jobs/create-jobs.ts';
import { failJobsOfDeletedFiles } from '../../src/jobs/fail-unfinished.ts';
import type { JobChange } from '../../src/jobs/job-changes.ts';
import type { JobResult } from '../../src/jobs/job-result.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, ended, NOTHING, newJob, until } from '../../testing/test-jobs.ts';

describe.each(DATABASE_KINDS)('calling jobs off on %s', (kind) => {
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
    await test.database.kysely.deleteFrom('jobs').execute();
  });

  async function start(options: Partial<JobsOptions> = {}) {
    const jobs = createTestJobs(test.database, options);
    started.push(jobs);
    await jobs.start();
    return jobs;
  }

  /** Jobs whose runs end only when the test says so, or when they are aborted. */
  async function startHanging() {
    const runs: { jobId: number; signal: AbortSignal; finish: (result: JobResult) => void }[] = [];
    const run: JobsOptions['run'] = ({ jobId }, signal) =>
      new Promise((finish) => {
        runs.push({ jobId, signal, finish });
      });
    return { runs, jobs: await start({ run, concurrency: 1 }) };
  }

  const CANCELLED = {
    status: 'Failed',
    errorMessage: 'The job was cancelled.',
    errorCode: 'job-cancelled',
    result: null,
    failedItems: [{ errorMessage: 'The job was cancelled.', items: [newJob('').file] }],
  };

  it('cancels a queued job, which is never run', async () => {
    const { runs, jobs } = await startHanging();
    const first = await jobs.submit(newJob(project));
    await until(() => runs.length === 1);
    const second = await jobs.submit(newJob(project));
    expect(await jobs.cancel(project, second.jobId)).toBe('cancelled');
    expect(await jobs.find(project, second.jobId)).toMatchObject({ ...CANCELLED, startTime: null });

    const third = await jobs.submit(newJob(project));
    runs[0]!.finish(NOTHING);
    await until(() => runs.length === 2);
    runs[1]!.finish(NOTHING);
    await ended(jobs, third);
    expect(runs.map(({ jobId }) => jobId)).toEqual([first.jobId, third.jobId]);
  });

  it('stops a running job at once, wherever it runs, and refuses its answer', async () => {
    const { runs, jobs: worker } = await startHanging();
    const elsewhere = await start({ concurrency: 0 });
    const job = await elsewhere.submit(newJob(project));
    await until(() => runs.length === 1);
    expect(await elsewhere.cancel(project, job.jobId)).toBe('cancelled');
    await until(() => runs[0]!.signal.aborted);
    runs[0]!.finish(NOTHING);

    const next = await worker.submit(newJob(project));
    await until(() => runs.length === 2);
    expect(await worker.find(project, job.jobId)).toMatchObject(CANCELLED);
    runs[1]!.finish(NOTHING);
    expect(await ended(worker, next)).toMatchObject({ status: 'Completed' });
  });

  it('erases a job that has ended, and knows nothing of it then', async () => {
    const jobs = await start();
    const { jobId } = await ended(jobs, await jobs.submit(newJob(project)));
    expect(await jobs.cancel(project, jobId)).toBe('erased');
    const gone = { code: 'job-not-found' };
    await expect(jobs.find(project, jobId)).rejects.toMatchObject(gone);
    await expect(jobs.cancel(project, jobId)).rejects.toMatchObject(gone);
  });

  it('leaves the jobs of other projects alone', async () => {
    const jobs = await start({ concurrency: 0 });
    const job = await jobs.submit(newJob(project));
    await expect(jobs.cancel(newProject(), job.jobId)).rejects.toMatchObject({ code: 'job-not-found' });
    expect(await jobs.find(project, job.jobId)).toEqual(job);
  });

  it('ends the unfinished jobs of files that are deleted, and no others', async () => {
    const { runs, jobs } = await startHanging();
    const done = await jobs.submit(newJob(project, 11));
    await until(() => runs.length === 1);
    runs[0]!.finish(NOTHING);
    const result = await ended(jobs, done);
    const running = await jobs.submit(newJob(project, 11));
    await until(() => runs.length === 2);
    const queued = await jobs.submit({ ...newJob(project), file: { fileId: 12 } });
    const other = await jobs.submit(newJob(project, 13));

    await test.database.kysely
      .transaction()
      .execute((transaction) => failJobsOfDeletedFiles(transaction, [11, 12], 1_800_000_000_000));
    const errorMessage = 'The file was deleted before the job had ended.';
    expect(await jobs.find(project, running.jobId)).toMatchObject({
      status: 'Failed',
      statusTime: 1_800_000_000_000,
      errorMessage,
      errorCode: 'image-file-deleted',
    });
    expect(await jobs.find(project, queued.jobId)).toMatchObject({
      status: 'Failed',
      failedItems: [{ errorMessage, items: [{ fileId: 12 }] }],
    });
    expect(await jobs.find(project, done.jobId)).toEqual(result);
    await until(() => runs.length === 3);
    expect(runs[1]!.signal.aborted).toBe(true);
    expect(runs[2]!.jobId).toBe(other.jobId);
  });

  it('tells every process of each state of a job once', async () => {
    const heard: JobChange[] = [];
    const listening = await start({ concurrency: 0 });
    const unsubscribe = listening.subscribe({ changed: (change) => heard.push(change), missed: () => {} });
    const working = await start();
    const job = await working.submit(newJob(project));
    const end = await ended(working, job);
    await until(() => heard.length === 3);
    expect(heard.map(({ status }) => status)).toEqual(['Queued', 'Running', 'Completed']);
    expect(heard[2]).toEqual({
      jobId: job.jobId,
      project,
      fileId: job.file.fileId,
      status: 'Completed',
      statusTime: end.statusTime,
    });
    unsubscribe();
    await ended(working, await working.submit(newJob(project)));
    expect(heard).toHaveLength(3);
  });
});
