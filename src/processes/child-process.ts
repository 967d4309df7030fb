import { KonturError } from '#contract/errors';
import { type Child, ChildDied, type ChildOptions, type ForkedChild, startChild } from './start-child.ts';

export interface ChildProcessOptions extends ChildOptions {
  /** Where the code of the first child is being loaded already. */
  forked?: ForkedChild;
  /** Longest time that a request may take; a child that is silent for longer hangs, and counts as dead. */
  limitMs: number;
  /**
   * How long a request that its caller gave up may go on before the child is killed: 0 where the work is long and the child
   * holds nothing, more where it usually answers soon and holds a cache.
   */
  abandonGraceMs: number;
  /** A new process takes over, at first and after each death: whatever the last one held is gone. */
  onStart?: () => void;
}

/** A child process that is there whenever it is needed: started on demand, started anew when it died. */
export interface ChildProcess<Request, Answer> {
  /** Resolves once the child runs. Throws what keeps it from starting. */
  ready(): Promise<void>;
  /**
   * Requests are worked on one after the other, those first that are not for later. One during which the child dies or hangs
   * is tried once more in a new child. Throws `internal` if that dies too, the child's own error, or the signal's reason.
   *
   * @param isForLater asked whenever the child is free: true lets those pass for which it is false
   */
  request(request: Request, signal?: AbortSignal, isForLater?: () => boolean): Promise<Answer>;
  /** Kills the child. Requests that are not answered yet fail with `unavailable`. */
  close(): Promise<void>;
}

const ATTEMPTS = 2;

interface Entry<Request, Answer> {
  request: Request;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
  abandoned: boolean;
  isForLater(): boolean;
}

export function createChildProcess<Request extends object, Answer>(
  options: ChildProcessOptions,
): ChildProcess<Request, Answer> {
  const queue: Entry<Request, Answer>[] = [];
  let current: Entry<Request, Answer> | undefined;
  let child: Child<Request, Answer> | undefined;
  let { forked } = options;
  let closed = false;

  async function running(): Promise<Child<Request, Answer>> {
    if (closed) throw isClosing();
    if (!child || child.dead) {
      child = startChild(options, forked);
      forked = undefined;
      options.onStart?.();
    }
    await child.started;
    return child;
  }

  function takeNext(): Entry<Request, Answer> | undefined {
    const index = queue.findIndex((entry) => !entry.isForLater());
    return queue.splice(Math.max(index, 0), 1)[0];
  }

  async function workOff(): Promise<void> {
    if (current) return;
    for (current = takeNext(); current; current = takeNext()) await work(current);
    // The next request should not wait for a child to start. If this one cannot, that request says so.
    if (child?.dead && !closed) running().catch(() => {});
  }

  async function work(entry: Entry<Request, Answer>): Promise<void> {
    for (let deaths = 0; !entry.abandoned; ) {
      try {
        const started = await running();
        if (!entry.abandoned) entry.resolve(await started.ask(entry.request, options.limitMs));
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

  function abandon(entry: Entry<Request, Answer>, reason: unknown): void {
    entry.abandoned = true;
    entry.reject(reason);
    if (entry !== current) return;
    const worker = child;
    setTimeout(() => entry === current && worker === child && worker?.kill(), options.abandonGraceMs).unref();
  }

  return {
    ready: async () => {
      await running().catch((error) => {
        throw error instanceof ChildDied ? new KonturError('unavailable', error.message) : error;
      });
    },
    request: (request, signal, isForLater = () => false) => {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (closed) return Promise.reject(isClosing());
      let leave = () => {};
      const answer = new Promise<Answer>((resolve, reject) => {
        const entry = { request, resolve, reject, isForLater, abandoned: false };
        leave = () => abandon(entry, signal?.reason);
        signal?.addEventListener('abort', leave, { once: true });
        queue.push(entry);
        void workOff();
      });
      return answer.finally(() => signal?.removeEventListener('abort', leave));
    },
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
