import { ApiError } from './api-error.ts';

/** Answers that say that the same request may succeed later: too many requests, a part of the server away. */
const LATER = [429, 503];
/** Milliseconds until the next try where the server names none. */
const WAIT_MS = 1000;
/** Milliseconds that are waited in any case. */
const LEAST_MS = 200;

/** Whether a failure is a busy server, which answers the same request later. */
export const isBusy = (error: unknown): error is ApiError => error instanceof ApiError && LATER.includes(error.status);

/** Milliseconds to wait before a request that a busy server has refused is tried again. */
export const busyForMs = ({ retryAfterMs = WAIT_MS }: ApiError): number => Math.max(retryAfterMs, LEAST_MS);

/**
 * Makes a request, and as long as the server is too busy for it, waits as long as it says and tries again.
 *
 * @throws ApiError for every other failure; the reason of `signal` once it is aborted
 */
export async function waitPatiently<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await request();
    } catch (error) {
      if (!isBusy(error)) throw error;
      await pause(busyForMs(error), signal);
    }
  }
}

/** Waits so many milliseconds, or until `signal` is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
