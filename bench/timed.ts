import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that a task takes. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}

/**
 * Pause in milliseconds, a little longer than the client of a job waits before it polls: by then caches and threads
 * have gone to other work.
 */
const REST_MS = 100;

/**
 * Milliseconds that a task takes after a rest. A person's prompts do not follow each other at once: a call after an
 * idle pause is slower than in a tight loop, so everything that is compared has to be called the same way.
 */
export async function timedAfterRest(task: () => Promise<unknown>): Promise<number> {
  await sleep(REST_MS);
  return timed(task);
}
