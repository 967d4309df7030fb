import { KonturError } from '#contract/errors';
import type { Ask, AskOptions, CallMessage, Calls, ChildDeaths } from './calls.ts';
import { type Child, ChildDied, type ChildOptions, type ForkedChild, startChild } from './start-child.ts';

/** Options for the supervision of a child process. */
export interface ChildProcessOptions<Start extends object> extends ChildOptions<Start> {
  /** A process that is loading the code of the first child already. */
  forked?: ForkedChild;
  /**
   * Whether the child is killed when its running call is cancelled: for long work in a child that holds nothing.
   * Otherwise the work goes on within its limit.
   */
  endsAbandoned: boolean;
  /** Called when a new process starts, at first and after each death: what the last one held is lost. */
  onStart?: () => void;
}

/** A supervised child process: started on demand, restarted after its death. */
export interface ChildProcess<Kinds extends Calls<Kinds>> {
  /**
   * Resolves once the child runs.
   *
   * @throws the error that keeps it from starting
   */
  ready(): Promise<void>;
  /**
   * Queues a call; calls run one at a time, in the order that their options give. If the child dies or hangs during a
   * call, that is retried once in a new child; waiting calls go to the new child.
   *
   * @throws KonturError `image-given-up` if that dies too or the work takes too long, `unavailable` after `close`; the
   *   child's error; the signal's reason
   */
  ask: Ask<Kinds>;
  /** Kills the child. Unanswered calls fail with `unavailable`. */
  close(): Promise<void>;
}

const MOST_DEATHS = 2;
/** Number of other owners' calls that may get in between two calls of one owner. */
const OWNER_GAP = 4;

interface Entry {
  call: CallMessage;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  abandoned: boolean;
  isForLater(): boolean;
  /** Number of the call before which this one was queued, plus those that may go ahead of it. */
  turn: number;
  deaths: ChildDeaths;
  owner?: string;
  firstLimitMs?: number;
}

/** Creates the supervision of a child process, which starts with the first call. */
export function createChildProcess<Kinds extends Calls<Kinds>, Start extends object>(
  options: ChildProcessOptions<Start>,
): ChildProcess<Kinds> {
  const queue: Entry[] = [];
  let current: Entry | undefined;
  /** Number of calls taken from the queue. */
  let taken = 0;
  let child: Child | undefined;
  let { forked } = options;
  let closed = false;

  async function ensureStarted(): Promise<Child> {
    if (closed) throw isClosing();
    if (!child || child.dead) {
      child = startChild(options, forked);
      forked = undefined;
      options.onStart?.();
    }
    const starting = child;
    // A child that dies before its first call has not died because of that call.
    await starting.started.catch((error) => {
      throw error instanceof ChildDied ? new KonturError('unavailable', error.message) : error;
    });
    return starting;
  }

  function takeNext(): Entry | undefined {
    const [first, ...others] = queue;
    if (!first) return undefined;
    taken++;
    const next = others.reduce((best, entry) => (comesBefore(entry, best) ? entry : best), first);
    return queue.splice(queue.indexOf(next), 1)[0];
  }

  function turnOf({ owner, callsAhead = 0 }: AskOptions): number {
    const own = [current, ...queue].filter((entry) => owner !== undefined && entry?.owner === owner);
    return Math.max(taken, ...own.map((entry) => (entry?.turn ?? 0) + OWNER_GAP)) + callsAhead;
  }

  async function workOff(): Promise<void> {
    if (current) return;
    for (current = takeNext(); current; current = takeNext()) await work(current);
    // Restart at once, so that the next call need not wait. If the child cannot start, that call reports it.
    if (child?.dead && !closed) ensureStarted().catch(() => {});
  }

  async function work(entry: Entry): Promise<void> {
    const { deaths } = entry;
    while (!entry.abandoned) {
      try {
        const started = await ensureStarted();
        if (!entry.abandoned) entry.resolve(await started.ask(entry.call, entry.firstLimitMs));
        return;
      } catch (error) {
        if (closed) return entry.reject(isClosing());
        if (!(error instanceof ChildDied)) return entry.reject(error);
        options.logger?.warn({ child: options.name, abandoned: entry.abandoned }, error.message);
        deaths.count++;
        // A retry would take as long again.
        if (error.isOver || deaths.count >= MOST_DEATHS) return entry.reject(givenUp(options.name, error));
      }
    }
  }

  function abandon(entry: Entry, reason: unknown): void {
    entry.abandoned = true;
    entry.reject(reason);
    if (entry === current && options.endsAbandoned) child?.kill();
  }

  function enqueue(call: CallMessage, askOptions: AskOptions = {}): Promise<unknown> {
    const { signal, isForLater = () => false, deaths = { count: 0 }, owner, firstLimitMs } = askOptions;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (closed) return Promise.reject(isClosing());
    let leave = () => {};
    const answer = new Promise<unknown>((resolve, reject) => {
      const turn = turnOf(askOptions);
      const entry = { call, resolve, reject, isForLater, turn, deaths, owner, firstLimitMs, abandoned: false };
      leave = () => abandon(entry, signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(entry);
      void workOff();
    });
    return answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  return {
    ready: async () => void (await ensureStarted()),
    // A child answers each call with the type of its kind (serve-calls.ts).
    ask: ((kind, request, options) => enqueue({ kind, request }, options)) as Ask<Kinds>,
    close: async () => {
      closed = true;
      for (const entry of queue.splice(0)) entry.reject(isClosing());
      child?.kill();
      await child?.exited;
    },
  };
}

/** Whether a call runs before another one that was queued earlier. */
const comesBefore = (entry: Entry, earlier: Entry): boolean =>
  entry.isForLater() === earlier.isForLater() ? entry.turn < earlier.turn : earlier.isForLater();

const isClosing = () => new KonturError('unavailable', 'The engine is shutting down; ask again later.');

const givenUp = (name: string, cause: ChildDied) =>
  new KonturError(
    'image-given-up',
    cause.isOver
      ? `The work on this image takes too long and was given up. ${cause.message}`
      : `The ${name} stopped twice while it worked on this image, which is not tried again. ${cause.message}`,
    { cause },
  );
