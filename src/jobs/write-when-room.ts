import { setTimeout as sleep } from 'node:timers/promises';
import { KonturError } from '../contract/error-codes.ts';

const PAUSE_MS = 1_000;

/**
 * Writes what a job came to, again and again while the disk of the database is full: work that is done is not thrown away, and
 * the disk is no reason for the job to fail.
 * @throws KonturError `disk-full` when a signal is aborted meanwhile; else what the writing throws
 */
export async function writeWhenRoom(write: () => Promise<void>, signals: AbortSignal[]): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const full = error instanceof KonturError && error.code === 'disk-full';
      if (!full || signals.some(({ aborted }) => aborted)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
