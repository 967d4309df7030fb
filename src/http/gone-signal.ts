import type { FastifyReply } from 'fastify';

/** Abort reason: the client closed its connection before it had the whole answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('The client has gone.');
  }
}

/** A signal that aborts with `ClientGone` when the connection is closed before the answer is finished. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    if (!raw.writableFinished) controller.abort(new ClientGone());
  };
  if (raw.closed) end();
  else raw.once('close', end);
  return controller.signal;
}
