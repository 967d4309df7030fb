import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Limits of concurrent connections: in total, and from one address, so that no single machine can take them all. */
const MOST = 4_000;
const MOST_PER_ADDRESS = 1_000;

/** Closes connections beyond the limits at once. A reverse proxy needs far fewer than one machine may have. */
export function limitConnections(app: FastifyInstance, { most = MOST, mostPerAddress = MOST_PER_ADDRESS } = {}): void {
  const counts = new Map<string, number>();
  app.server.maxConnections = most;
  app.server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
    if (count > mostPerAddress) socket.destroy();
  });
}
