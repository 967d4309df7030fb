import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const HALF_A_YEAR_SECONDS = 15_724_800;

/** Sets the headers that every answer has (docs/contract.md#transport-response-headers). */
export function setResponseHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-request-id': request.id,
    vary: 'Accept-Encoding',
    'strict-transport-security': `max-age=${HALF_A_YEAR_SECONDS}`,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
}

/** Adds the headers that every answer has before any other check of the request, so that refusals carry them too. */
export function addResponseHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => setResponseHeaders(request, reply));
}
