import { sql } from 'kysely';
import { it } from 'vitest';
import type { JobResult } from '../../src/jobs/job-result.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, NOTHING, newJob, until } from '../../testing/test-jobs.ts';

it('stops although the database does not answer', async () => {
  const test = await openTestDatabase('PostgreSQL 18');
  let finish: ((result: JobResult) => void) | undefined;
  const run = () =>
    new Promise<JobResult>((resolve) => {
      finish = resolve;
    });
  const jobs = createTestJobs(test.database, { run });
  await jobs.start();
  await jobs.submit(newJob(newProject()));
  await until(() => finish !== undefined);

  await test.database.kysely.transaction().execute(async (transaction) => {
    await sql`lock table jobs in access exclusive mode`.execute(transaction);
    finish?.(NOTHING);
    // The lock is released only when this has resolved.
    await jobs.stop({ timeoutMs: 50 });
  });
  await test.remove();
});

it('stops at once where nothing runs, started or not', async () => {
  const test = await openTestDatabase('PGlite');
  const started = createTestJobs(test.database);
  await started.start();
  // Longer than a test may take.
  await started.stop({ timeoutMs: 600_000 });
  await createTestJobs(test.database).stop({ timeoutMs: 600_000 });
  await test.remove();
});

it('stops while the server ends its connections, without an error that nobody listens for', async () => {
  const test = await openTestDatabase('PostgreSQL 18');
  for (let time = 0; time < 10; time++) {
    const jobs = createTestJobs(test.database);
    await jobs.start();
    const ending = sql`do $$ begin
      for step in 1..50 loop
        perform pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid();
        perform pg_sleep(0.0002);
      end loop;
    end $$`.execute(test.database.kysely);
    await Promise.all([ending, jobs.stop({ timeoutMs: 5_000 })]);
  }
  await test.remove();
});
