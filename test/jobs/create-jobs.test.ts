import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Segment } from '../../src/contract/segment-job.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { newProject } from '../support/test-files.ts';
import { createTestJobs, newJob, until } from '../support/test-jobs.ts';

it('stops although the database does not answer', async () => {
  const test = await openTestDatabase('PostgreSQL 18');
  let finish: ((segments: Segment[]) => void) | undefined;
  const run = () =>
    new Promise<Segment[]>((resolve) => {
      finish = resolve;
    });
  const jobs = createTestJobs(test.database, { run });
  await jobs.start();
  await jobs.submit(newJob(newProject()));
  await until(() => finish !== undefined);

  await test.database.kysely.transaction().execute(async (transaction) => {
    await sql`lock table jobs in access exclusive mode`.execute(transaction);
    finish?.([]);
    const begin = performance.now();
    await jobs.stop({ timeoutMs: 50 });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
  await test.remove();
});

it('stops at once where nothing runs, started or not', async () => {
  const test = await openTestDatabase('PGlite');
  const started = createTestJobs(test.database);
  await started.start();
  const begin = performance.now();
  await started.stop({ timeoutMs: 60_000 });
  await createTestJobs(test.database).stop({ timeoutMs: 60_000 });
  expect(performance.now() - begin).toBeLessThan(10_000);
  await test.remove();
});
