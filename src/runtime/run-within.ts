import { limitTime, type MachineLoad } from './limit-time.ts';

/** Bounds that end work from outside: a time limit and signals. The caller sees the reason of the one that ended it. */
export interface Bounds {
  /** Milliseconds on a machine that has a core for the work; on a busy one they last longer (limit-time.ts). */
  timeoutMs: number;
  /** Reason with which the work ends after `timeoutMs`, on a machine with that load. */
  timeoutReason: (load: MachineLoad) => Error;
  signals: AbortSignal[];
}

/**
 * Runs `work` until it ends or one of the bounds is met. The signal of the work is aborted then, but the work is not
 * awaited: its later result is dropped.
 *
 * @throws the reason of the bound that was met; else what the work throws
 */
export async function runWithin<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, timeoutReason, signals }: Bounds,
): Promise<T> {
  const controller = new AbortController();
  const listeners = signals.map((signal) => ({ signal, abort: () => controller.abort(signal.reason) }));
  const endLimit = limitTime(timeoutMs, (load) => controller.abort(timeoutReason(load)));
  try {
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
      for (const { signal, abort } of listeners) {
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
      }
      controller.signal.throwIfAborted();
      work(controller.signal).then(resolve, reject);
    });
  } finally {
    endLimit();
    for (const { signal, abort } of listeners) signal.removeEventListener('abort', abort);
  }
}
