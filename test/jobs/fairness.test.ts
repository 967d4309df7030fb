import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Jobs, JobsOptions } from '../../src/jobs/create-jobs.ts';
import { FEWER_DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, ended, NOTHING, newJob, until } from '../../testing/test-jobs.ts';

describe.each(FEWER_DATABASE_KINDS)('many projects on %s', (kind) => {
  let test: TestDatabase;
  let jobs: Jobs;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());
  afterEach(async () => {
    await jobs.stop({ timeoutMs: 0 });
    await test.database.kysely.deleteFrom('jobs').execute();
  });

  /** Jobs that are run one by one as the test lets them, and the projects of those that were begun. */
  async function startStepped(options: Partial<JobsOptions> = {}) {
    const begun: string[] = [];
    let allowed = 0;
    jobs = createTestJobs(test.database, {
      concurrency: 1,
      maxQueuedPerProject: 1000,
      run: async ({ project }) => {
        begun.push(project);
        const place = begun.length;
        while (allowed < place) await sleep(2);
        return NOTHING;
      },
      ...options,
    });
    await jobs.start();
    const finish = async (count: number) => {
      allowed += count;
      await until(() => begun.length > allowed);
    };
    const finishAll = () => {
      allowed = Number.POSITIVE_INFINITY;
    };
    return { begun, finish, finishAll };
  }

  /** Posts a job, and makes `count` of it at once: to post each would take a minute. */
  async function postBatch(project: string, count: number) {
    const { kysely } = test.database;
    const poster = createTestJobs(test.database, { concurrency: 0 });
    await poster.start();
    const { jobId } = await poster.submit(newJob(project));
    await poster.stop({ timeoutMs: 0 });
    await sql`
      insert into jobs
      select (jsonb_populate_record(job, jsonb_build_object('job_id', number, 'turn', job.turn + number))).*
      from jobs as job, generate_series(1, ${count - 1}::integer) as number where job_id = ${jobId}`.execute(kysely);
    await sql`
      insert into pgboss.job
      select (jsonb_populate_record(message, jsonb_build_object(
        'id', gen_random_uuid(), 'data', jsonb_build_object('jobId', number), 'priority', message.priority - number))).*
      from pgboss.job as message, generate_series(1, ${count - 1}::integer) as number
      where (data ->> 'jobId')::bigint = ${jobId}`.execute(kysely);
  }

  it('does not keep a single job waiting behind 10,000 of another project', async () => {
    const [busy, quiet] = [newProject(), newProject()];
    await postBatch(busy, 10_000);
    expect(await waiting()).toBe(10_000);
    const workers = 2;
    const { begun, finish, finishAll } = await startStepped({ concurrency: workers });
    await finish(3);
    await until(() => begun.length === 3 + workers);
    const single = await jobs.submit(newJob(quiet));
    await finish(workers);
    await until(() => begun.length === 3 + 2 * workers);
    expect(begun.slice(0, 3 + workers)).toEqual(Array(3 + workers).fill(busy));
    // At most one more of the busy project on each worker.
    expect(begun.slice(3 + workers)).toContain(quiet);
    await sql`delete from pgboss.job where state = 'created'`.execute(test.database.kysely);
    finishAll();
    await ended(jobs, single);
  });

  it('lets projects with many jobs take turns, whenever they came', async () => {
    const { begun, finish, finishAll } = await startStepped();
    const [first, second] = [newProject(), newProject()];
    for (let count = 0; count < 12; count++) await jobs.submit(newJob(first));
    await until(() => begun.length === 1);
    await finish(4);
    for (let count = 0; count < 6; count++) await jobs.submit(newJob(second));
    await finish(10);
    const later = begun.slice(5, 15);
    expect(later.filter((project) => project === second).length).toBeGreaterThanOrEqual(4);
    expect(later.filter((project) => project === first).length).toBeGreaterThanOrEqual(4);
    finishAll();
    await until(async () => (await waiting()) === 0);
  });

  it('refuses what is over the limit of all projects together, creating nothing', async () => {
    await startStepped({ concurrency: 0, maxQueued: 4 });
    for (let count = 0; count < 4; count++) await jobs.submit(newJob(newProject()));
    const project = newProject();
    await expect(jobs.submit(newJob(project))).rejects.toMatchObject({
      code: 'too-many-jobs',
      message: '4 jobs wait on this server already. Post again when some of them have ended.',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(await waiting()).toBe(4);
    await test.database.kysely.deleteFrom('jobs').execute();
    await jobs.submit(newJob(project));
  });

  async function waiting(): Promise<number> {
    const rows = await test.database.kysely
      .selectFrom('jobs')
      .select('job_id')
      .where('status', '=', 'Queued')
      .execute();
    return rows.length;
  }
});
