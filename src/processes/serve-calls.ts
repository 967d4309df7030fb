import process from 'node:process';
import { type ErrorCode, KonturError } from '#contract/errors';
import type { CallMessage, Calls, Handlers } from './calls.ts';

/** A child's message to its parent: one for each message that it received. */
export type ChildMessage = { answer: unknown } | { failure: Failure } | { nextLimitMs: number };

/** An error as it is sent between processes; `code` is that of a KonturError. */
interface Failure {
  code?: ErrorCode;
  message: string;
  stack?: string;
  cause?: string;
}

/** After being idle for this long, a child collects garbage. */
const REST_MS = 1000;

/**
 * The child's side of child-process.ts: opens what it needs with the first message, then answers one call after
 * another.
 *
 * Signals that a terminal sends to the whole process group are ignored: the parent ends its children after its last
 * job. When the parent has ended, for any reason, the channel closes and the child ends.
 */
export function serveCalls<Kinds extends Calls<Kinds>, Start>(open: (start: Start) => Promise<Handlers<Kinds>>): void {
  // Whatever umask the process inherited: its files contain parts of photos.
  process.umask(0o077);
  let handlers: Handlers<Kinds> | undefined;
  let rest: NodeJS.Timeout | undefined;
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit());
  const serve = async (message: unknown) => {
    clearTimeout(rest);
    await respond(async () => {
      if (handlers) return await answer(handlers, message as CallMessage);
      handlers = await open(message as Start);
      return undefined;
    });
    // Graphs, pixels and embeddings are outside the heap, so V8 does not see how much memory their garbage holds.
    rest = setTimeout(() => globalThis.gc?.(), REST_MS).unref();
  };
  process.on('message', (message) => void serve(message));
}

/**
 * Tells the parent, within a call, that a part of its work is done and how long the next part may take at most, in
 * milliseconds of its work. It is given no longer than any call.
 */
export function limitNextPart(limitMs: number): void {
  const message: ChildMessage = { nextLimitMs: limitMs };
  process.send?.(message);
}

/** The parent has the same version and is typed by the same kinds. */
function answer<Kinds extends Calls<Kinds>>(handlers: Handlers<Kinds>, { kind, request }: CallMessage): unknown {
  return handlers[kind as keyof Kinds](request);
}

async function respond(work: () => Promise<unknown>): Promise<void> {
  const message: ChildMessage = await work().then(
    (answer) => ({ answer }),
    (error) => ({ failure: toFailure(error) }),
  );
  process.send?.(message);
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    code: error instanceof KonturError ? error.code : undefined,
    message: error.message,
    stack: error.stack,
    cause: error.cause instanceof Error ? error.cause.message : undefined,
  };
}

/** Restores the error that the child threw. */
export function fromFailure({ code, message, stack, cause }: Failure): Error {
  const error = code ? new KonturError(code, message, { cause }) : new Error(message, { cause });
  return Object.assign(error, { stack });
}
