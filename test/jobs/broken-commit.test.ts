import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open-database.ts';
import type { Jobs } from '../../src/jobs/create-jobs.ts';
import { type CommitBreaker, startCommitBreaker } from '../support/commit-breaker.ts';
import { newPostgresDatabase } from '../support/test-database.ts';
import { newProject } from '../support/test-files.ts';
import { createTestJobs, ended, newJob, queueMessages } from '../support/test-jobs.ts';

describe('a connection that breaks while a job is committed', () => {
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
