import { KonturError } from '#contract/errors';

/** Lets through only so much work at a time, and so much wait, so that what comes through HTTP cannot pile up. */
export interface Semaphore {
  /**
   * Runs the work once there is room. A signal takes its own caller out of the wait.
   * @throws KonturError `busy` where too much waits already; the signal's reason; what the work throws
   */
  run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** When a client that was refused may try again. */
const RETRY_AFTER_SECONDS = 2;

/** @param what is made, for the message to the client */
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

  /** Hands the place on, or leaves it free. */
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
