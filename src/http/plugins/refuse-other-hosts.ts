import type { FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';
import { isLoopbackHost } from '../../config/loopback.ts';

/**
 * Refuses requests whose Host is not this machine. A page of another site can resolve its own host name to 127.0.0.1
 * and so reach a server that only listens there; its requests then carry that name (DNS rebinding).
 */
export function refuseOtherHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const host = request.headers.host ?? '';
    if (!isLoopbackHost(host.replace(/:\d*$/, ''))) {
      throw new KonturError(
        'misdirected-host',
        'In development mode the server answers to localhost, 127.0.0.1 and [::1] only, whatever the port.',
      );
    }
  });
}
