import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that a task takes. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}

/**
 * As long as the client of a job waits before it polls, and a little more: by then caches and threads have gone to
 * others.
 */
const REST_MS = 100;

/**
 * Milliseconds that a task takes after a rest. A person's prompts do not come back to back: what is called after a
 * tenth of a second of idleness is slower than in a tight loop, and what it is compared with has to be called the same
 * way.
 */
export async function timedAfterRest(task: () => Promise<unknown>): Promise<number> {
  await sleep(REST_MS);
  return timed(task);
}
