import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobSweeper } from '../../src/jobs/sweep-jobs.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, newJob, recordingLogger } from '../../testing/test-jobs.ts';

const DAY_MS = 86_400_000;
const NOW = 1_700_000_000_000;

describe.each(DATABASE_KINDS)('sweeping jobs on %s', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());

  it('takes away what ended longer ago than jobs are kept, in batches, and nothing that has not ended', async () => {
    const { kysely } = test.database;
    const project = newProject();
    const jobs = createTestJobs(test.database, { concurrency: 0 });
    await jobs.start();
    const { jobId: waiting } = await jobs.submit(newJob(project));
    await jobs.stop({ timeoutMs: 0 });
    const old = NOW - 30 * DAY_MS - 1;
    const base = { project, subject: 's', created_time: old, file_id: 1, prompt: '{}' };
    const row = (job_id: number, status: 'Completed' | 'Failed' | 'Running', status_time: number) => ({
      ...base,
      job_id,
      status,
      status_time,
      error_message: status === 'Failed' ? 'bad' : null,
    });
    const rows = Array.from({ length: 2500 }, (_, index) =>
      row(index + 1, index % 2 === 0 ? 'Completed' : 'Failed', old),
    );
    await kysely
      .insertInto('jobs')
      .values([...rows, row(3001, 'Completed', NOW - 30 * DAY_MS), row(3002, 'Running', old)])
      .execute();
    await kysely
      .updateTable('jobs')
      .set({ created_time: old, status_time: old })
      .where('job_id', '=', waiting)
      .execute();

    const sweeper = createJobSweeper({
      database: test.database,
      retentionDays: 30,
      logger: { ...recordingLogger(), info: () => {} },
      now: () => NOW,
    });
    expect(await sweeper.sweep()).toBe(2500);
    expect(await sweeper.sweep()).toBe(0);
    const left = await kysely.selectFrom('jobs').select('job_id').orderBy('job_id').execute();
    expect(left.map(({ job_id }) => job_id)).toEqual([3001, 3002, waiting]);
  });
});
