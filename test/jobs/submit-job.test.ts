import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Jobs } from '../../src/jobs/create-jobs.ts';
import { createJobQueue, type JobQueue } from '../../src/jobs/job-queue.ts';
import { submitJob } from '../../src/jobs/submit-job.ts';
import { createWaitingLimits } from '../../src/jobs/waiting-limits.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, ended, newJob, queueMessages, recordingLogger } from '../../testing/test-jobs.ts';

describe.each(DATABASE_KINDS)('submitting a job on %s', (kind) => {
  let test: TestDatabase;
  let project: string;
  /** Submits only: nothing is taken up. */
  let jobs: Jobs;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    project = newProject();
    jobs = createTestJobs(test.database, { concurrency: 0, maxQueuedPerProject: 3, now: () => 1_700_000_000_000 });
    await jobs.start();
  });
  afterEach(() => jobs.stop({ timeoutMs: 0 }));

  it('answers a Queued job, which can be found as it was answered', async () => {
    const job = await jobs.submit(newJob(project));
    expect(job).toEqual({
      ...newJob(project),
      jobId: expect.any(Number),
      status: 'Queued',
      createdTime: 1_700_000_000_000,
      startTime: null,
      statusTime: 1_700_000_000_000,
      errorMessage: null,
      errorCode: null,
      result: null,
      failedItems: [],
    });
    expect(await jobs.find(project, job.jobId)).toEqual(job);
  });

  it('leaves out of the file what it does not have', async () => {
    const { contentSha256: _, ...job } = newJob(project);
    const { file, contentSha256 } = await jobs.submit({ ...job, file: { fileId: 5 } });
    expect(file).toEqual({ fileId: 5 });
    expect(contentSha256).toBeUndefined();
  });

  it('shows a job to its project only', async () => {
    const { jobId } = await jobs.submit(newJob(project));
    const refusal = (id: number) => ({
      code: 'job-not-found',
      status: 404,
      message: `There is no job ${id} in this project.`,
    });
    await expect(jobs.find(newProject(), jobId)).rejects.toMatchObject(refusal(jobId));
    await expect(jobs.find(project, 4)).rejects.toMatchObject(refusal(4));
  });

  it('refuses what is over the limit of its project, creating nothing', async () => {
    for (let count = 0; count < 3; count++) await jobs.submit(newJob(project));
    const before = await queueMessages(test.database);
    await expect(jobs.submit(newJob(project))).rejects.toMatchObject({
      code: 'too-many-jobs',
      status: 429,
      message: '3 jobs wait in this project already. Post again when some of them have ended.',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(await queueMessages(test.database)).toEqual(before);
    const rows = await test.database.kysely
      .selectFrom('jobs')
      .select('job_id')
      .where('project', '=', project)
      .execute();
    expect(rows).toHaveLength(3);
    await jobs.submit(newJob(newProject()));
  });

  it('takes jobs again when waiting ones have been taken up', async () => {
    const submitted = await Promise.all([1, 2, 3].map(() => jobs.submit(newJob(project))));
    const worker = createTestJobs(test.database);
    await worker.start();
    for (const job of submitted) await ended(worker, job);
    await worker.stop({ timeoutMs: 5000 });
    await jobs.submit(newJob(project));
  });

  describe('where the transaction fails', () => {
    let queue: JobQueue;
    beforeEach(async () => {
      queue = createJobQueue({
        database: test.database,
        concurrency: 0,
        handleTimeoutMs: 1000,
        logger: recordingLogger(),
      });
      await queue.start(async () => 'settled');
    });
    afterEach(() => queue.close());

    it('leaves neither row nor message', async () => {
      const before = await queueMessages(test.database);
      const failing: JobQueue = {
        ...queue,
        async send(...message) {
          await queue.send(...message);
          throw new Error('the connection broke');
        },
      };
      const waitingLimits = createWaitingLimits({ ofProject: 5, inTotal: 100 });
      const dependencies = { database: test.database, queue: failing, waitingLimits, now: Date.now };
      await expect(submitJob(dependencies, newJob(project))).rejects.toThrow('the connection broke');
      expect(await queueMessages(test.database)).toEqual(before);
      const rows = await test.database.kysely
        .selectFrom('jobs')
        .select('job_id')
        .where('project', '=', project)
        .execute();
      expect(rows).toEqual([]);
    });
  });
});
