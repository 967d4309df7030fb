import type { FastifyInstance } from 'fastify';

const PAUSE_MS = 50;

/**
 * While the server closes, ends each connection as soon as its last answer is sent. Otherwise a connection that was
 * busy when closing began would be kept alive, and closing would wait for its client.
 */
export function closeIdleConnections(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const { server } = app;
    if (!server.listening) return;
    const timer = setInterval(() => server.closeIdleConnections(), PAUSE_MS);
    server.once('close', () => clearInterval(timer));
  });
}
