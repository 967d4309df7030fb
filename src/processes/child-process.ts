import { KonturError } from '#contract/errors';
import type { Ask, AskOptions, CallMessage, Calls, ChildDeaths } from './calls.ts';
import { type Child, ChildDied, type ChildOptions, type ForkedChild, startChild } from './start-child.ts';

export interface ChildProcessOptions<Start extends object> extends ChildOptions<Start> {
  /** Where the code of the first child is being loaded already. */
  forked?: ForkedChild;
  /** Longest time that a call may take; a child that is silent for longer hangs, and counts as dead. */
  limitMs: number;
  /**
   * Whether the child is killed when the caller gives up the call that it works on: where the work is long and the child holds nothing.
   * Else the work goes on within its limit.
   */
  endsAbandoned: boolean;
  /** A new process takes over, at first and after each death: whatever the last one held is gone. */
  onStart?: () => void;
}

/** A child process that is there whenever it is needed: started on demand, started anew when it died. */
export interface ChildProcess<Kinds extends Calls<Kinds>> {
  /**
   * Resolves once the child runs.
   * @throws what keeps it from starting
   */
  ready(): Promise<void>;
  /**
   * Calls are worked on one after the other, in the order that their options tell. One during which the child dies or hangs is tried
   * once more in a new child; those that wait meanwhile are asked there.
   * @throws KonturError `work-given-up` if that dies too, `unavailable` once it is closed; the child's own error; the signal's reason
   */
  ask: Ask<Kinds>;
  /** Kills the child. Calls that are not answered yet fail with `unavailable`. */
  close(): Promise<void>;
}

const MOST_DEATHS = 2;

interface Entry {
  call: CallMessage;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  abandoned: boolean;
  isForLater(): boolean;
  /** Number of the call before which it was asked, and of those that may go ahead of it. */
  turn: number;
  deaths: ChildDeaths;
}

export function createChildProcess<Kinds extends Calls<Kinds>, Start extends object>(
  options: ChildProcessOptions<Start>,
): ChildProcess<Kinds> {
  const queue: Entry[] = [];
  let current: Entry | undefined;
  /** Number of calls that were worked on. */
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
    // That it dies before it is asked for anything is no fault of what it was to be asked.
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

  async function workOff(): Promise<void> {
    if (current) return;
    for (current = takeNext(); current; current = takeNext()) await work(current);
    // The next call should not wait for a child to start. If this one cannot, that call says so.
    if (child?.dead && !closed) ensureStarted().catch(() => {});
  }

  async function work(entry: Entry): Promise<void> {
    const { deaths } = entry;
    while (!entry.abandoned) {
      try {
        const started = await ensureStarted();
        if (!entry.abandoned) entry.resolve(await started.ask(entry.call, options.limitMs));
        return;
      } catch (error) {
        if (closed) return entry.reject(isClosing());
        if (!(error instanceof ChildDied)) return entry.reject(error);
        options.logger?.warn({ child: options.name, abandoned: entry.abandoned }, error.message);
        deaths.count++;
        if (deaths.count >= MOST_DEATHS) return entry.reject(diedAgain(options.name, error));
      }
    }
  }

  function abandon(entry: Entry, reason: unknown): void {
    entry.abandoned = true;
    entry.reject(reason);
    if (entry === current && options.endsAbandoned) child?.kill();
  }

  function enqueue(call: CallMessage, askOptions: AskOptions = {}): Promise<unknown> {
    const { signal, isForLater = () => false, callsAhead = 0, deaths = { count: 0 } } = askOptions;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (closed) return Promise.reject(isClosing());
    let leave = () => {};
    const answer = new Promise<unknown>((resolve, reject) => {
      const turn = taken + callsAhead;
      const entry = { call, resolve, reject, isForLater, turn, deaths, abandoned: false };
      leave = () => abandon(entry, signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(entry);
      void workOff();
    });
    return answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  return {
    ready: async () => void (await ensureStarted()),
    // A child answers a call with what its kind says (serve-calls.ts).
    ask: ((kind, request, options) => enqueue({ kind, request }, options)) as Ask<Kinds>,
    close: async () => {
      closed = true;
      for (const entry of queue.splice(0)) entry.reject(isClosing());
      child?.kill();
      await child?.exited;
    },
  };
}

/** Whether a call is to be worked on before another that was asked earlier. */
const comesBefore = (entry: Entry, earlier: Entry): boolean =>
  entry.isForLater() === earlier.isForLater() ? entry.turn < earlier.turn : earlier.isForLater();

const isClosing = () => new KonturError('unavailable', 'The engine is shutting down; ask again later.');

const diedAgain = (name: string, cause: Error) =>
  new KonturError(
    'work-given-up',
    `The ${name} stopped twice while it worked on this image, which is not tried again. ${cause.message}`,
    { cause },
  );
