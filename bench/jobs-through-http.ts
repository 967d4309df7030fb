import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING } from '../testing/test-jobs.ts';
import type { BenchDatabase } from './jobs-databases.ts';
import { startJobsServer } from './jobs-server.ts';
import { quantile } from './statistics.ts';

/** Delays of jobs in milliseconds, from before the POST. */
export interface JobDelays {
  /** Until the work starts. */
  startP50: number;
  /** Until the row says Completed, for work that takes no time. */
  completedP50: number;
  completedP99: number;
}

/** Pause between two jobs, so that each finds the system idle. */
const REST_MS = 50;
const WARM_UP_JOBS = 5;

/** Jobs one after the other through HTTP, client and server in this process. */
export async function measureJobDelays(bench: BenchDatabase, jobs: number): Promise<JobDelays> {
  const starts: number[] = [];
  const completions: number[] = [];
  let posted = 0;
  let completed = () => {};
  const server = await startJobsServer(bench, {
    async run() {
      starts.push(performance.now() - posted);
      return NOTHING;
    },
    concurrency: 4,
  });
  // The database notifies once the row is committed: nothing polls meanwhile.
  server.subscribe({ changed: ({ status }) => status === 'Completed' && completed(), missed() {} });
  for (let job = 0; job < WARM_UP_JOBS + jobs; job++) {
    await sleep(REST_MS);
    const ended = new Promise<void>((resolve) => {
      completed = resolve;
    });
    posted = performance.now();
    const [, end] = await Promise.all([server.post(), ended.then(() => performance.now())]);
    completions.push(end - posted);
  }
  await server.close();
  return {
    startP50: quantile(starts.slice(WARM_UP_JOBS)),
    completedP50: quantile(completions.slice(WARM_UP_JOBS)),
    completedP99: quantile(completions.slice(WARM_UP_JOBS), 0.99),
  };
}
