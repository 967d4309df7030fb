import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SiblingModule } from '../runtime/sibling-module.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import type { CallMessage } from './calls.ts';
import { childEnvironment } from './child-environment.ts';
import { limitWork } from './limit-work.ts';
import { type ChildMessage, fromFailure } from './serve-calls.ts';

export type ChildLogger = Pick<Logger, 'info' | 'warn'>;

/** The child died before it answered: killed, crashed, out of memory. */
export class ChildDied extends Error {}

/** A process that loads a child's code, before it is known what the child starts with. */
export interface ForkedChild {
  process: ChildProcess;
  /** Resolves when it has ended, with how. */
  ended: Promise<string>;
}

export interface ChildOptions<Start extends object = object> {
  /** Module that calls serve-calls.ts. */
  entry: SiblingModule;
  /** First message to the child. */
  start: Start;
  /** For messages and the log. */
  name: string;
  logger?: ChildLogger;
}

/** One child process, from fork to death. Errors come as the child threw them, KonturErrors with their codes, or as ChildDied. */
export interface Child {
  /** Settles once the child has opened what it needs. A child that cannot start is killed. */
  started: Promise<unknown>;
  /** Asks one thing at a time, after `started`. A child that does not answer within the limit hangs, and is killed. */
  ask(call: CallMessage, limitMs: number): Promise<unknown>;
  kill(): void;
  exited: Promise<void>;
  /** True from the moment that the child is no longer of use. */
  readonly dead: boolean;
}

/** Longest time for a child to start: large graphs are read, checked and prepared in it, on machines that do other things too. */
const START_LIMIT_MS = 180_000;

/**
 * @param entry module that calls serve-calls.ts
 * @param endsSoon keeps what it frees for what it needs next: pages are taken once, not time and again
 */
export function forkChild({ url, execArgv = [] }: SiblingModule, { endsSoon = false } = {}): ForkedChild {
  const process = fork(url, {
    serialization: 'advanced',
    // The first for serve-calls.ts.
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

/** @param forked where the child's code is being loaded already; by default it is forked now */
export function startChild(options: ChildOptions, forked: ForkedChild = forkChild(options.entry)): Child {
  const { start, name, logger } = options;
  const { process, ended } = forked;
  logStderr(process, options);

  let dead = false;
  let asked: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;
  const kill = () => {
    dead = true;
    // Ends a stopped process too.
    process.kill('SIGKILL');
  };
  const ask = (message: object, limitMs: number) => {
    const answered = new Promise<unknown>((resolve, reject) => {
      asked = { resolve, reject };
      // A message that cannot be sent means that the child is ending; its exit says why.
      process.send(message, () => {});
    });
    // A child that could not be started has no id, and its end is known at once.
    const endLimit = limitWork(process.pid ?? 0, limitMs, () => {
      kill();
      asked?.reject(new ChildDied(`The ${name} process did not answer within ${limitMs} ms of its work.`));
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
