import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SiblingModule } from '../runtime/sibling-module.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import type { CallMessage } from './calls.ts';
import { childEnvironment } from './child-environment.ts';
import { limitWork } from './limit-work.ts';
import { type ChildMessage, fromFailure } from './serve-calls.ts';

/** The part of a logger that supervision uses. */
export type ChildLogger = Pick<Logger, 'info' | 'warn'>;

/** The child died before it answered: killed, crashed, or out of memory. */
export class ChildDied extends Error {
  /** Whether it was killed because a call had taken all the work that it may take. */
  readonly isOver: boolean;
  constructor(message: string, { isOver = false } = {}) {
    super(message);
    this.isOver = isOver;
  }
}

/** A forked process that is loading a child's code; its settings follow with the first message. */
export interface ForkedChild {
  process: ChildProcess;
  /** Resolves when the process has ended, with the signal, exit code or error. */
  ended: Promise<string>;
}

/** Options of one child process. */
export interface ChildOptions<Start extends object = object> {
  /** Module that calls serve-calls.ts. */
  entry: SiblingModule;
  /** Longest that a call may work, or do nothing, in milliseconds; a child that takes longer is killed. */
  limitMs: number;
  /** First message to the child. */
  start: Start;
  /** For messages and the log. */
  name: string;
  logger?: ChildLogger;
}

/**
 * A child process, from fork to death. Its calls reject with the errors that the child threw, KonturErrors with their
 * codes, or with ChildDied.
 */
export interface Child {
  /** Settles once the child has opened what it needs. A child that cannot start is killed. */
  started: Promise<unknown>;
  /**
   * Sends one call at a time, after `started`. A child that does not answer within the limit counts as hanging, and is
   * killed.
   */
  ask(call: CallMessage, firstLimitMs?: number): Promise<unknown>;
  kill(): void;
  exited: Promise<void>;
  /** True as soon as the child can no longer be used. */
  readonly dead: boolean;
}

/** Longest time for a child to start: it reads, checks and prepares large graphs, possibly on a busy machine. */
const START_LIMIT_MS = 180_000;

/**
 * Forks a child process.
 *
 * @param entry module that calls serve-calls.ts
 * @param endsSoon whether freed memory is kept for reuse, which saves page faults, instead of being returned
 */
export function forkChild({ url, execArgv = [] }: SiblingModule, { endsSoon = false } = {}): ForkedChild {
  const process = fork(url, {
    serialization: 'advanced',
    // The first one is for serve-calls.ts.
    execArgv: ['--expose-gc', ...execArgv],
    env: childEnvironment({ endsSoon }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<string>((resolve) => {
    process.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    process.on('error', (error) => resolve(error.message));
  });
  return { process, ended };
}

/**
 * Starts a child.
 *
 * @param forked process that is loading the child's code already; by default one is forked now
 */
export function startChild(options: ChildOptions, forked: ForkedChild = forkChild(options.entry)): Child {
  const { start, name, logger } = options;
  const { process, ended } = forked;
  logStderr(process, options);

  let dead = false;
  let asked: { resolve(answer: unknown): void; reject(error: Error): void; limit(ms: number): void } | undefined;
  const kill = () => {
    dead = true;
    // Also ends a stopped process.
    process.kill('SIGKILL');
  };
  const ask = (message: object, limitMs: number) => {
    let endLimit = () => {};
    const answered = new Promise<unknown>((resolve, reject) => {
      const limit = (ms: number) => {
        endLimit();
        // A child that could not be started has no id, and has ended already.
        endLimit = limitWork(process.pid ?? 0, ms, (how) => {
          kill();
          reject(tookTooLong(name, ms, how));
        });
      };
      limit(limitMs);
      asked = { resolve, reject, limit };
      // A message that cannot be sent means that the child is ending; its exit says why.
      process.send(message, () => {});
    });
    return answered.finally(() => {
      endLimit();
      asked = undefined;
    });
  };
  process.on('message', (message: ChildMessage) => {
    if ('nextLimitMs' in message) asked?.limit(Math.min(message.nextLimitMs, options.limitMs));
    else if ('failure' in message) asked?.reject(fromFailure(message.failure));
    else asked?.resolve(message.answer);
  });

  const exited = ended.then((reason) => {
    dead = true;
    asked?.reject(new ChildDied(`The ${name} process ended (${reason}).`));
  });
  const started = ask(start, START_LIMIT_MS);
  started.then(() => logger?.info({ child: name, pid: process.pid }, 'engine process started'), kill);

  return {
    started,
    ask: (call, firstLimitMs = options.limitMs) => ask(call, Math.min(firstLimitMs, options.limitMs)),
    kill,
    exited,
    get dead() {
      return dead;
    },
  };
}

const tookTooLong = (name: string, ms: number, how: 'worked' | 'idle') =>
  how === 'idle'
    ? new ChildDied(`The ${name} process hung: it did nothing for ${ms / 1000} s.`)
    : new ChildDied(`The ${name} process worked for ${ms / 1000} s without an end.`, { isOver: true });

function logStderr({ stderr }: ChildProcess, { name, logger }: ChildOptions): void {
  if (stderr) createInterface({ input: stderr }).on('line', (line) => logger?.warn({ child: name }, line));
}
