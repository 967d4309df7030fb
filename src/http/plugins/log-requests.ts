import type { FastifyInstance } from 'fastify';

/** Logs one line per answer. It names the route, not the URL: URLs carry the signatures of links. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, is404 } = request;
    request.log.info(
      {
        method,
        route: is404 ? 'unknown' : routeOptions.url,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
        subject: request.principal?.subject,
        project: request.principal?.project,
      },
      'answered',
    );
  });
}
