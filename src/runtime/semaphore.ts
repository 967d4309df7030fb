import { KonturError } from '#contract/errors';

/**
 * A semaphore with a bounded queue: limits the work that runs and the work that waits, so that requests cannot pile up.
 */
export interface Semaphore {
  /**
   * Runs the work once there is room. An aborted signal ends its caller's wait.
   *
   * @throws KonturError `busy` if the queue is full; the signal's reason; what the work throws
   */
  run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** Seconds after which a refused client may retry. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Creates a semaphore.
 *
 * @param what the result of the work, for the message to the client
 */
export function createSemaphore({
  running,
  waiting,
  what,
}: {
  running: number;
  waiting: number;
  what: string;
}): Semaphore {
  let free = running;
  const queue: (() => void)[] = [];

  async function enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    if (queue.length >= waiting) {
      throw new KonturError('busy', `Too many ${what} are being made at this moment. Ask again in a while.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.splice(queue.indexOf(go), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(go);
    });
  }

  /** Passes the permit on, or releases it. */
  function exit(): void {
    const next = queue.shift();
    if (next) next();
    else free++;
  }

  return {
    async run(work, signal) {
      await enter(signal);
      try {
        return await work();
      } finally {
        exit();
      }
    },
  };
}
