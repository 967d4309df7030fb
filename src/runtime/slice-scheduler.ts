import { KonturError } from '#contract/errors';

/** Takes the event loop for a slice at a time, so that long computations of several clients share it with each other and all else. */
export interface SliceScheduler {
  /**
   * Runs a computation that asks `isOver` now and then, and awaits `next` when it is. One computation of a client runs at a time,
   * its next ones wait; those of different clients get slices one after the other, however many of them each client asks for.
   *
   * @param signal takes the computation out of the wait, and ends it at its next slice
   * @throws KonturError `busy` where too many of the client's wait already; the signal's reason; what the computation throws
   */
  run<Result>(client: string, compute: (slices: Slices) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** What a computation sees of the scheduler. */
export interface Slices {
  /** Whether the slice has lasted as long as it may. */
  isOver(): boolean;
  /**
   * Ends the slice, lets the event loop and others go on, and resolves when the next one begins.
   * @throws the signal's reason
   */
  next(): Promise<void>;
}

export interface SliceLimits {
  sliceMs: number;
  /** Computations that have begun, of all clients. */
  running: number;
  /** Computations of one client that wait for their beginning. */
  waiting: number;
  /** For the message to a client that is refused: "Too many … at this moment". */
  what: string;
}

/** When a client that was refused may try again. */
const RETRY_AFTER_SECONDS = 2;

/** Makes a scheduler; there is one for all that is to share. */
export function createSliceScheduler({ sliceMs, running, waiting, what }: SliceLimits): SliceScheduler {
  /** Clients of which a computation has begun. */
  const active = new Set<string>();
  /** Computations that have not begun, by client. The client that is first has waited longest. */
  const queues = new Map<string, (() => void)[]>();
  /** Computations that wait for a slice. */
  const ready: (() => void)[] = [];
  let isSliceTaken = false;

  async function enter(client: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (active.size < running && !active.has(client)) {
      active.add(client);
      return;
    }
    const queue = queues.get(client) ?? [];
    if (queue.length >= waiting) {
      throw new KonturError('busy', `Too many ${what} at this moment. Ask again in a while.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    queues.set(client, queue);
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.splice(queue.indexOf(begin), 1);
        if (queue.length === 0) queues.delete(client);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(begin);
    });
  }

  /** Begins what may begin now that a computation of the client has ended. */
  function exit(client: string): void {
    active.delete(client);
    for (const [next, queue] of queues) {
      if (active.size >= running) return;
      if (active.has(next)) continue;
      active.add(next);
      queue.shift()?.();
      // Behind all clients that wait, should it have more to do.
      queues.delete(next);
      if (queue.length > 0) queues.set(next, queue);
    }
  }

  async function takeSlice(): Promise<void> {
    if (isSliceTaken) await new Promise<void>((resolve) => ready.push(resolve));
    isSliceTaken = true;
  }

  /** The event loop goes round before the next slice begins. */
  function endSlice(): void {
    setImmediate(() => {
      const next = ready.shift();
      if (next) next();
      else isSliceTaken = false;
    });
  }

  return {
    async run(client, compute, signal) {
      await enter(client, signal);
      try {
        await takeSlice();
        try {
          signal?.throwIfAborted();
          let end = performance.now() + sliceMs;
          return await compute({
            isOver: () => performance.now() >= end,
            async next() {
              endSlice();
              await takeSlice();
              end = performance.now() + sliceMs;
              signal?.throwIfAborted();
            },
          });
        } finally {
          endSlice();
        }
      } finally {
        exit(client);
      }
    },
  };
}
