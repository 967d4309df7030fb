/**
 * What a child process can be asked: for each kind of call, what a request carries and what answers it. An interface of this shape is
 * written for each child; parent and child are typed by it. Requests and answers are data that the structured clone algorithm takes.
 */
export type Calls<Kinds> = Record<keyof Kinds, { request: unknown; answer: unknown }>;

/** The child's side: what answers each kind of call. */
export type Handlers<Kinds extends Calls<Kinds>> = {
  [Kind in keyof Kinds]: (request: Kinds[Kind]['request']) => Kinds[Kind]['answer'] | Promise<Kinds[Kind]['answer']>;
};

/** What goes to the child for a call. */
export interface CallMessage {
  kind: string;
  request: unknown;
}

export interface AskOptions {
  /** Ends the call for its caller, who gets the signal's reason; what then becomes of the child is up to its supervision. */
  signal?: AbortSignal;
  /** Asked whenever the child is free: true lets those calls pass for which it is false. */
  isForLater?: () => boolean;
  /** Lets those calls pass that are asked before so many more calls have been worked on. Default: 0. */
  callsAhead?: number;
  /** Of calls that belong together, so that the child dies of no more of them than of one. Default: those of this call alone. */
  deaths?: ChildDeaths;
}

/** How often the child has died while it worked on certain calls. */
export interface ChildDeaths {
  count: number;
}

/** The parent's side: asks the child, and resolves with its answer. */
export type Ask<Kinds extends Calls<Kinds>> = <Kind extends keyof Kinds & string>(
  kind: Kind,
  request: Kinds[Kind]['request'],
  options?: AskOptions,
) => Promise<Kinds[Kind]['answer']>;
