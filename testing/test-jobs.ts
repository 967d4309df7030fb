import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { pixelPoint } from '#geometry/spaces';
import type { Database } from '../src/database/open-database.ts';
import { createJobs, type Jobs, type JobsOptions } from '../src/jobs/create-jobs.ts';
import type { JobRecord } from '../src/jobs/job-record.ts';
import type { JobResult } from '../src/jobs/job-result.ts';

const ENGINE = { model: 'a test', precision: 'fp32', provider: 'cpu' };

/** A square with a hole, at places that take all the digits of a number. */
export const FOUND: JobResult = {
  imageWidth: 300,
  imageHeight: 200,
  segments: [
    {
      score: 0.9,
      parts: [
        {
          outer: [pixelPoint(10, 10), pixelPoint(290 / 3, 10), pixelPoint(290 / 3, 100 / 3), pixelPoint(10, 100 / 3)],
          holes: [[pixelPoint(20, 20), pixelPoint(20, Math.PI * 9), pixelPoint(Math.E * 20, 21)]],
        },
      ],
    },
  ],
  engine: { ...ENGINE, window: { left: 5, top: 6, width: 200, height: 100 } },
};

/** That there is nothing to be found is a result too. */
export const NOTHING: JobResult = { imageWidth: 300, imageHeight: 200, segments: [], engine: ENGINE };

/** A logger that keeps what it is given. */
export function recordingLogger() {
  const lines: { level: string; fields: object; text?: string }[] = [];
  const at = (level: string) => (fields: object, text?: string) => {
    lines.push({ level, fields, text });
  };
  return { lines, error: at('error'), warn: at('warn'), debug: at('debug') };
}

/** Jobs that find FOUND at once, and are tried again without a pause, unless told otherwise. */
export function createTestJobs(database: Database, options: Partial<JobsOptions> = {}): Jobs {
  return createJobs({
    database,
    run: async () => FOUND,
    concurrency: 2,
    jobTimeoutMs: 30_000,
    maxQueuedPerProject: 100,
    retryPauses: { failures: [0, 0], outages: [0] },
    logger: recordingLogger(),
    ...options,
  });
}

/** Something to submit. */
export const newJob = (project: string, fileId = 123_456_789_012_345) => ({
  project,
  subject: 'client-1',
  file: { fileId, fileExternalId: 'photo', fileInstanceId: { space: 'plant', externalId: 'photo 1' } },
  contentSha256: 'ab'.repeat(32),
  prompt: { points: [{ x: 0.1, y: 0.7, label: 1 as const }], boundingBox: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 } },
});

/** Shorter than a test may take, so that what is waited for in vain is named. */
const LONGEST_WAIT_MS = 240_000;

/** Waits until `reached` answers something other than undefined or false. */
export async function until<T>(reached: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  for (const begin = performance.now(); performance.now() - begin < LONGEST_WAIT_MS; await sleep(5)) {
    const value = await reached();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
  }
  throw new Error(`Waited in vain until ${reached}`);
}

/** Waits until the job has ended. */
export function ended(
  jobs: Pick<Jobs, 'find'>,
  { project, jobId }: Pick<JobRecord, 'project' | 'jobId'>,
): Promise<JobRecord> {
  return until(async () => {
    const job = await jobs.find(project, jobId);
    return job.status === 'Completed' || job.status === 'Failed' ? job : undefined;
  });
}

/** What the queue holds, by state. */
export async function queueMessages({ kysely }: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state::text, count(*) as count from pgboss.job where name = 'segment' group by state`.execute(kysely);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
