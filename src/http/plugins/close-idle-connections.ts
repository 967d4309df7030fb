import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const PAUSE_MS = 50;

/**
 * While the server closes, ends each connection as soon as its last answer is sent, and each on which nothing has been
 * asked, as browsers open them in advance: Node counts the latter as busy. Otherwise closing would wait for the client.
 */
export function closeIdleConnections(app: FastifyInstance): void {
  const { server } = app;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preClose', async () => {
    if (!server.listening) return;
    const close = () => {
      server.closeIdleConnections();
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    };
    const timer = setInterval(close, PAUSE_MS);
    server.once('close', () => clearInterval(timer));
  });
}
