import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimJob } from '../../src/jobs/claim-job.ts';
import type { Jobs } from '../../src/jobs/create-jobs.ts';
import { createJobQueue } from '../../src/jobs/job-queue.ts';
import { sendMissing } from '../../src/jobs/send-missing.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import {
  createTestJobs,
  ended,
  NOTHING,
  newJob,
  queueMessages,
  recordingLogger,
  until,
} from '../../testing/test-jobs.ts';

describe.each(DATABASE_KINDS)('jobs that have lost their messages on %s', (kind) => {
  let test: TestDatabase;
  let posting: Jobs;
  /** Shared by both: either may be the one that reconciles. */
  const logger = recordingLogger();
  beforeAll(async () => {
    test = await openTestDatabase(kind);
    posting = createTestJobs(test.database, { concurrency: 0, logger });
    await posting.start();
  });
  afterAll(async () => {
    await posting.stop({ timeoutMs: 0 });
    await test.remove();
  });

  const change = (statement: string) => sql.raw(statement).execute(test.database.kysely);

  it('get others, Queued or Running, and end', async () => {
    const { database } = test;
    const project = newProject();
    const deleted = await posting.submit(newJob(project));
    const givenUp = await posting.submit(newJob(project));
    await claimJob({ database, now: Date.now }, givenUp.jobId);
    await change(`delete from pgboss.job where data ->> 'jobId' = '${deleted.jobId}'`);
    await change(
      `update pgboss.job set state = 'failed', completed_on = now() where data ->> 'jobId' = '${givenUp.jobId}'`,
    );

    const working = createTestJobs(database, { logger });
    await working.start();
    for (const job of [deleted, givenUp]) expect(await ended(working, job)).toMatchObject({ status: 'Completed' });
    await working.stop({ timeoutMs: 5_000 });
    const sent = logger.lines.flatMap(({ level, fields }) =>
      level === 'warn' ? (fields as { jobIds: number[] }).jobIds : [],
    );
    expect(new Set(sent)).toEqual(new Set([deleted.jobId, givenUp.jobId]));
  });

  it('are not taken for those whose message waits, is delayed or is with a worker', async () => {
    const { database } = test;
    const project = newProject();
    let finish = () => {};
    const working = createTestJobs(database, {
      concurrency: 1,
      run: () =>
        new Promise((resolve) => {
          finish = () => resolve(NOTHING);
        }),
    });
    await working.start();
    const running = await posting.submit(newJob(project));
    await until(async () => (await posting.find(project, running.jobId)).status === 'Running');
    const delayed = await posting.submit(newJob(project));
    await posting.submit(newJob(project));
    await change(`update pgboss.job set state = 'retry', start_after = now() + interval '1 minute'
      where data ->> 'jobId' = '${delayed.jobId}'`);

    const queue = createJobQueue({ database, concurrency: 0, handleTimeoutMs: 1_000, logger: recordingLogger() });
    const before = await queueMessages(database);
    expect(await sendMissing({ database, queue })).toEqual([]);
    expect(await queueMessages(database)).toEqual(before);
    const stopped = working.stop({ timeoutMs: 5_000 });
    finish();
    await stopped;
  });
});
