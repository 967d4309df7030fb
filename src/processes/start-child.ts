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
export class ChildDied extends Error {}

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
  ask(call: CallMessage, limitMs: number): Promise<unknown>;
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
  let asked: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;
  const kill = () => {
    dead = true;
    // Also ends a stopped process.
    process.kill('SIGKILL');
  };
  const ask = (message: object, limitMs: number) => {
    const answered = new Promise<unknown>((resolve, reject) => {
      asked = { resolve, reject };
      // A message that cannot be sent means that the child is ending; its exit says why.
      process.send(message, () => {});
    });
    // A child that could not be started has no id, and has ended already.
    const endLimit = limitWork(process.pid ?? 0, limitMs, (how) => {
      kill();
      const seconds = `${limitMs / 1000} s`;
      const what = how === 'idle' ? `hung: it did nothing for ${seconds}` : `worked for ${seconds} without an end`;
      asked?.reject(new ChildDied(`The ${name} process ${what}.`));
    });
    return answered.finally(endLimit);
  };
  process.on('message', (message: ChildMessage) => {
    if ('failure' in message) asked?.reject(fromFailure(message.failure));
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
    ask,
    kill,
    exited,
    get dead() {
      return dead;
    },
  };
}

function logStderr({ stderr }: ChildProcess, { name, logger }: ChildOptions): void {
  if (stderr) createInterface({ input: stderr }).on('line', (line) => logger?.warn({ child: name }, line));
}
