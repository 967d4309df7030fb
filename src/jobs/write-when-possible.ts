import { setTimeout as sleep } from 'node:timers/promises';
import { originOf } from '#contract/errors';

const PAUSE_MS = 1_000;

/**
 * Writes the outcome of a job and retries while the database is unavailable or its disk is full, so that finished work
 * is not lost and the job does not fail. `write` must be idempotent.
 *
 * @throws the last error of `write` when a signal is aborted, or immediately if it has another cause
 */
export async function writeWhenPossible<T>(write: () => Promise<T>, signals: AbortSignal[]): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (originOf(error) !== 'outage' || signals.some(({ aborted }) => aborted)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
