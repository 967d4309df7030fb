import { KonturError } from '#contract/errors';
import type { Ask, AskOptions, CallMessage, Calls } from './calls.ts';
import { type Child, ChildDied, type ChildOptions, type ForkedChild, startChild } from './start-child.ts';

export interface ChildProcessOptions<Start extends object> extends ChildOptions<Start> {
  /** Where the code of the first child is being loaded already. */
  forked?: ForkedChild;
  /** Longest time that a call may take; a child that is silent for longer hangs, and counts as dead. */
  limitMs: number;
  /**
   * How long a call that its caller gave up may go on before the child is killed: 0 where the work is long and the child
   * holds nothing, more where it usually answers soon and holds a cache.
   */
  abandonGraceMs: number;
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
   * Calls are worked on one after the other, those first that are not for later. One during which the child dies or hangs is tried
   * once more in a new child.
   * @throws KonturError `internal` if that dies too, `unavailable` once it is closed; the child's own error; the signal's reason
   */
  ask: Ask<Kinds>;
  /** Kills the child. Calls that are not answered yet fail with `unavailable`. */
  close(): Promise<void>;
}

const ATTEMPTS = 2;

interface Entry {
  call: CallMessage;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  abandoned: boolean;
  isForLater(): boolean;
}

export function createChildProcess<Kinds extends Calls<Kinds>, Start extends object>(
  options: ChildProcessOptions<Start>,
): ChildProcess<Kinds> {
  const queue: Entry[] = [];
  let current: Entry | undefined;
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
    await child.started;
    return child;
  }

  function takeNext(): Entry | undefined {
    const index = queue.findIndex((entry) => !entry.isForLater());
    return queue.splice(Math.max(index, 0), 1)[0];
  }

  async function workOff(): Promise<void> {
    if (current) return;
    for (current = takeNext(); current; current = takeNext()) await work(current);
    // The next call should not wait for a child to start. If this one cannot, that call says so.
    if (child?.dead && !closed) ensureStarted().catch(() => {});
  }

  async function work(entry: Entry): Promise<void> {
    for (let deaths = 0; !entry.abandoned; ) {
      try {
        const started = await ensureStarted();
        if (!entry.abandoned) entry.resolve(await started.ask(entry.call, options.limitMs));
        return;
      } catch (error) {
        if (closed) return entry.reject(isClosing());
        if (!(error instanceof ChildDied)) return entry.reject(error);
        options.logger?.warn({ child: options.name, abandoned: entry.abandoned }, error.message);
        deaths++;
        if (deaths === ATTEMPTS) return entry.reject(diedAgain(options.name, error));
      }
    }
  }

  function abandon(entry: Entry, reason: unknown): void {
    entry.abandoned = true;
    entry.reject(reason);
    if (entry !== current) return;
    const worker = child;
    setTimeout(() => entry === current && worker === child && worker?.kill(), options.abandonGraceMs).unref();
  }

  function enqueue(call: CallMessage, { signal, isForLater = () => false }: AskOptions = {}): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (closed) return Promise.reject(isClosing());
    let leave = () => {};
    const answer = new Promise<unknown>((resolve, reject) => {
      const entry = { call, resolve, reject, isForLater, abandoned: false };
      leave = () => abandon(entry, signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(entry);
      void workOff();
    });
    return answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  return {
    ready: async () => {
      await ensureStarted().catch((error) => {
        throw error instanceof ChildDied ? new KonturError('unavailable', error.message) : error;
      });
    },
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

const isClosing = () => new KonturError('unavailable', 'The engine is shutting down; ask again later.');

const diedAgain = (name: string, cause: Error) =>
  new KonturError('internal', `The ${name} stopped twice while it worked on this image, which was given up.`, {
    cause,
  });
