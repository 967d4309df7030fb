import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it, vi } from 'vitest';
import type { Segment } from '../../src/contract/segment-job.ts';
import { DATABASE_KINDS, openTestDatabase } from '../support/test-database.ts';
import { newProject } from '../support/test-files.ts';
import { createTestJobs, ended, newJob, SEGMENTS, until } from '../support/test-jobs.ts';

it('stops although the database does not answer', async () => {
  const test = await openTestDatabase('PostgreSQL');
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

it.each(DATABASE_KINDS)('begins the work of a job before its message comes through the queue, on %s', async (kind) => {
  const test = await openTestDatabase(kind);
  const run = vi.fn(async () => SEGMENTS);
  const jobs = createTestJobs(test.database, { run });
  await jobs.start();
  // Only a process that found nothing to do begins before the queue tells it to.
  await sleep(300);
  const job = await jobs.submit(newJob(newProject()));
  expect(run).toHaveBeenCalledTimes(1);
  expect(await ended(jobs, job)).toMatchObject({ status: 'Completed', segments: SEGMENTS });
  expect(run).toHaveBeenCalledTimes(1);
  await jobs.stop({ timeoutMs: 1_000 });
  await test.remove();
});

it('begins no more at a time than it has slots for', async () => {
  const test = await openTestDatabase('PGlite');
  let running = 0;
  let most = 0;
  const run = async () => {
    most = Math.max(most, ++running);
    await sleep(50);
    running--;
    return SEGMENTS;
  };
  const jobs = createTestJobs(test.database, { run, concurrency: 2 });
  await jobs.start();
  await sleep(300);
  const project = newProject();
  const submitted = await Promise.all(Array.from({ length: 8 }, () => jobs.submit(newJob(project))));
  for (const job of submitted) expect((await ended(jobs, job)).status).toBe('Completed');
  // One more may run for the moment that a slot takes another job than the one that began.
  expect(most).toBeLessThanOrEqual(4);
  await jobs.stop({ timeoutMs: 1_000 });
  await test.remove();
});
