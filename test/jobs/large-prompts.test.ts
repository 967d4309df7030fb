import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ANSWER_BYTES } from '#contract/limits';
import { FEWER_DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { createTestJobs, newJob } from '../../testing/test-jobs.ts';

describe.each(FEWER_DATABASE_KINDS)('jobs with many points on %s', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
  });
  afterAll(() => test.remove());

  it('are listed in pages that are no larger than an answer', async () => {
    const jobs = createTestJobs(test.database, { concurrency: 0 });
    await jobs.start();
    const points = Array.from({ length: 30_000 }, (_, n) => ({ x: 1 / (n + 3), y: 1 / 3, label: 1 as const }));
    const posted: number[] = [];
    for (let n = 0; n < 12; n++) posted.push((await jobs.submit({ ...newJob('plant'), prompt: { points } })).jobId);

    const readable = async (fileIds: number[]) => new Set(fileIds);
    const seen: number[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await jobs.list('plant', { limit: 1000, cursor }, readable);
      expect(Buffer.byteLength(JSON.stringify(page.items))).toBeLessThan(MAX_ANSWER_BYTES);
      seen.push(...page.items.map(({ jobId }) => jobId));
      cursor = page.nextCursor;
      pages++;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(posted.sort());
    expect(pages).toBeGreaterThan(1);
    await jobs.stop({ timeoutMs: 0 });
  });
});
