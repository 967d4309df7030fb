import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open-database.ts';
import type { Jobs } from '../../src/jobs/create-jobs.ts';
import type { JobTask } from '../../src/jobs/job-record.ts';
import type { JobResult } from '../../src/jobs/job-result.ts';
import { type CommitBreaker, startCommitBreaker } from '../../testing/commit-breaker.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, ended, FOUND, NOTHING, newJob, queueMessages, until } from '../../testing/test-jobs.ts';

let breaker: CommitBreaker;
let remove: () => Promise<void>;
let database: Database;
let jobs: Jobs;
beforeAll(async () => {
  const place = await newPostgresDatabase();
  remove = place.remove;
  breaker = await startCommitBreaker(place.url);
  database = await openDatabase({ url: breaker.url });
  jobs = createTestJobs(database, { concurrency: 0 });
  await jobs.start();
});
afterAll(async () => {
  await jobs.stop({ timeoutMs: 0 });
  await database.close();
  breaker.close();
  await remove();
});

describe('a connection that breaks while a job is committed', () => {
  it('answers the job where the database has it', async () => {
    const project = newProject();
    breaker.breakNext('after');
    const job = await jobs.submit(newJob(project));
    expect(await jobs.find(project, job.jobId)).toEqual(job);
    const worker = createTestJobs(database);
    await worker.start();
    expect(await ended(worker, job)).toMatchObject({ status: 'Completed' });
    await worker.stop({ timeoutMs: 5_000 });
  });

  it('creates nothing where the database has not, and says that the client has to look', async () => {
    const project = newProject();
    const before = await queueMessages(database);
    breaker.breakNext('before');
    await expect(jobs.submit(newJob(project))).rejects.toMatchObject({
      code: 'unconfirmed',
      status: 503,
      details: { retryAfterSeconds: expect.any(Number) },
    });
    const rows = await database.kysely.selectFrom('jobs').select('job_id').where('project', '=', project).execute();
    expect(rows).toEqual([]);
    expect(await queueMessages(database)).toEqual(before);
    expect(await jobs.submit(newJob(project))).toMatchObject({ status: 'Queued' });
  });
});

describe('a database that is away while a job runs', () => {
  it('has what the job came to when it is back, and does not see the worker as lost', async () => {
    const project = newProject();
    const finishing: ((result: JobResult) => void)[] = [];
    const run = (task: JobTask) =>
      new Promise<JobResult>((finish) => {
        if (task.project === project) finishing.push(finish);
        else finish(NOTHING);
      });
    const worker = createTestJobs(database, { run });
    await worker.start();
    const job = await jobs.submit(newJob(project));
    await until(() => finishing.length === 1);
    breaker.cut();
    finishing[0]!(FOUND);
    await sleep(1_500);
    breaker.mend();
    expect(await ended(worker, job)).toMatchObject({ status: 'Completed', result: FOUND });
    await worker.stop({ timeoutMs: 5_000 });
    const row = database.kysely.selectFrom('jobs').select('attempt').where('job_id', '=', job.jobId);
    expect(await row.executeTakeFirstOrThrow()).toEqual({ attempt: 1 });
    expect(finishing).toHaveLength(1);
  });
});
