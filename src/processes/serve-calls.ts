import process from 'node:process';
import { type ErrorCode, KonturError } from '#contract/errors';
import type { CallMessage, Calls, Handlers } from './calls.ts';

/** What a child process tells its parent: one message for each that it got. */
export type ChildMessage = { answer: unknown } | { failure: Failure };

/** An error on its way between processes; `code` is that of a KonturError. */
interface Failure {
  code?: ErrorCode;
  message: string;
  stack?: string;
  cause?: string;
}

/** A child that has nothing to do for so long looks for memory to give back. */
const REST_MS = 1000;

/**
 * The child's side of child-process.ts: opens what it needs with the first message, then answers one call after the other.
 *
 * Signals that a terminal sends to the whole process group are left to the parent, which ends its children after its last
 * job. When the parent is gone, however it went, the channel closes and the child ends.
 */
export function serveCalls<Kinds extends Calls<Kinds>, Start>(open: (start: Start) => Promise<Handlers<Kinds>>): void {
  // Whatever the process was started with: what it writes is made of photos.
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
    // Graphs, pixels and embeddings lie outside the heap, so that V8 does not see what their remains cost.
    rest = setTimeout(() => globalThis.gc?.(), REST_MS).unref();
  };
  process.on('message', (message) => void serve(message));
}

/** The parent is of the same version and typed by the same kinds. */
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

/** The error that the child threw. */
export function fromFailure({ code, message, stack, cause }: Failure): Error {
  const error = code ? new KonturError(code, message, { cause }) : new Error(message, { cause });
  return Object.assign(error, { stack });
}
