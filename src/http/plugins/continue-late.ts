import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const WAITING = Symbol('waiting');
type Waiting = FastifyRequest['raw'] & { [WAITING]?: true };

/**
 * A client that asks before it sends its body (`expect: 100-continue`) gets 100 Continue once its token has been
 * checked, and with a signed link once that has; who is refused sends nothing.
 */
export function continueLate(app: FastifyInstance): void {
  app.server.on('checkContinue', (request: Waiting, response) => {
    request[WAITING] = true;
    app.server.emit('request', request, response);
  });
  app.addHook('preParsing', async (request, reply) => {
    if (request.routeOptions.config.access !== 'signed-link') letContinue(request, reply);
  });
}

/** Tells a client that waits for it to send its body. */
export function letContinue({ raw }: FastifyRequest, reply: FastifyReply): void {
  const waiting = raw as Waiting;
  if (waiting[WAITING] === undefined) return;
  delete waiting[WAITING];
  reply.raw.writeContinue();
}
