/**
 * The calls to a child process: for each kind, the types of its request and its answer. Each child has an interface of
 * this shape, which types both parent and child. Requests and answers must be structured-cloneable.
 */
export type Calls<Kinds> = Record<keyof Kinds, { request: unknown; answer: unknown }>;

/** The child's side: a handler for each kind of call. */
export type Handlers<Kinds extends Calls<Kinds>> = {
  [Kind in keyof Kinds]: (request: Kinds[Kind]['request']) => Kinds[Kind]['answer'] | Promise<Kinds[Kind]['answer']>;
};

/** A call as it is sent to the child. */
export interface CallMessage {
  kind: string;
  request: unknown;
}

/** Options of a call to a child process: cancellation, priority, and the deaths that it may cause. */
export interface AskOptions {
  /** Rejects the caller with the signal's reason; the supervision decides what happens to the child. */
  signal?: AbortSignal;
  /** Checked whenever the child is free: calls for which it returns true have lower priority. */
  isForLater?: () => boolean;
  /** Number of later calls that may go ahead of this one. Default: 0. */
  callsAhead?: number;
  /**
   * Client that the call is made for: waiting calls of one owner are spaced, so that others get in between. Default:
   * none.
   */
  owner?: string;
  /** Limit of the call's first part, in milliseconds, where the child reports the end of parts (serve-calls.ts). */
  firstLimitMs?: number;
  /**
   * Shared by calls that belong together, so that they kill no more children together than one call may. Default: a new
   * count.
   */
  deaths?: ChildDeaths;
}

/** Counts how often the child has died while it worked on certain calls. */
export interface ChildDeaths {
  count: number;
}

/** The parent's side: sends a call to the child, and resolves with its answer. */
export type Ask<Kinds extends Calls<Kinds>> = <Kind extends keyof Kinds & string>(
  kind: Kind,
  request: Kinds[Kind]['request'],
  options?: AskOptions,
) => Promise<Kinds[Kind]['answer']>;
