import { KonturError } from '#contract/errors';

/**
 * Divides the time of the event loop into slices, so that long computations of several clients share it with each other
 * and with everything else.
 */
export interface SliceScheduler {
  /**
   * Runs a computation that checks `isOver` now and then, and then awaits `next`. One computation per client runs at a
   * time, its next ones wait; slices go round-robin between clients, however many computations each of them has.
   *
   * @param signal cancels the wait, or ends the computation at its next slice
   * @throws KonturError `busy` if too many computations of the client wait already; the signal's reason; what the
   *   computation throws
   */
  run<Result>(client: string, compute: (slices: Slices) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** The scheduler as a computation sees it. */
export interface Slices {
  /** Whether the slice has lasted as long as it may. */
  isOver(): boolean;
  /**
   * Ends the slice, lets the event loop and other computations go on, and resolves when the next slice begins.
   *
   * @throws the signal's reason
   */
  next(): Promise<void>;
}

/** Limits of a scheduler. `sliceMs` is the length of a slice in milliseconds. */
export interface SliceLimits {
  sliceMs: number;
  /** Limit of computations that have begun, of all clients. */
  running: number;
  /** Limit of computations of one client that wait to begin. */
  waiting: number;
  /** The things computed, for the message of a refusal: "Too many … at this moment". */
  what: string;
}

/** When a refused client may retry. */
const RETRY_AFTER_SECONDS = 2;

/** Creates a scheduler; computations that share the event loop need the same one. */
export function createSliceScheduler({ sliceMs, running, waiting, what }: SliceLimits): SliceScheduler {
  /** Clients with a computation that has begun. */
  const active = new Set<string>();
  /** Waiting computations by client; the first client has waited longest. */
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

  /** Begins waiting computations after one of the client has ended. */
  function exit(client: string): void {
    active.delete(client);
    for (const [next, queue] of queues) {
      if (active.size >= running) return;
      if (active.has(next)) continue;
      active.add(next);
      queue.shift()?.();
      // Behind all other waiting clients, if it has more to do.
      queues.delete(next);
      if (queue.length > 0) queues.set(next, queue);
    }
  }

  async function takeSlice(): Promise<void> {
    if (isSliceTaken) await new Promise<void>((resolve) => ready.push(resolve));
    isSliceTaken = true;
  }

  /** Lets the event loop go round before the next slice begins. */
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
