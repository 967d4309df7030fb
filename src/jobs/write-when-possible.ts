import { setTimeout as sleep } from 'node:timers/promises';
import { originOf } from '#contract/errors';

const PAUSE_MS = 1_000;

/**
 * Writes what became of a job, again and again while the database is away or its disk is full: work that is done is not thrown
 * away, and neither is a reason for the job to fail. `write` has to bear being done twice.
 * @throws what the writing threw last when a signal is aborted meanwhile, or what has another reason
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
