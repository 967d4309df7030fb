import type { ImageSource } from '../images/image-source.ts';
import { createSegmentRun } from '../images/run-segment-job.ts';
import { createJobs, type Jobs } from '../jobs/create-jobs.ts';
import type { Run } from '../jobs/run-job.ts';
import type { Foundation } from './open-foundation.ts';

/** Part of the 10 s between SIGTERM and exit in which jobs may finish before they are given back. */
const FINISH_JOBS_MS = 5_000;

/** Starts to run jobs, if this process has an engine; any process can submit and read jobs. */
export async function startJobs(
  { config, database, engine, logger, cleanup }: Foundation,
  images: ImageSource,
): Promise<Jobs> {
  const { detailWindows, jobsConcurrency: concurrency, jobTimeoutMs, maxQueuedPerProject, maxQueued } = config;
  const jobs = createJobs({
    database,
    run: engine === undefined ? runNothing : createSegmentRun({ images, engine, detailWindows, logger }),
    concurrency,
    jobTimeoutMs,
    maxQueuedPerProject,
    maxQueued,
    logger,
  });
  cleanup.add(() => jobs.stop({ timeoutMs: FINISH_JOBS_MS }));
  await jobs.start();
  return jobs;
}

const runNothing: Run = () => Promise.reject(new Error('This process runs no jobs.'));
