import type { FastifyReply } from 'fastify';

/** Aborted when the connection is closed before the answer is finished: nobody waits for it any more. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new Error('The client has gone.'));
  });
  return controller.signal;
}
