import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy between clients and a PostgreSQL server, which breaks a connection at a commit on request. */
export interface CommitBreaker {
  /** The server's address through the proxy. */
  url: string;
  /** Breaks the next commit: either it does not reach the server, or its answer does not reach the client. */
  breakNext(way: 'before' | 'after'): void;
  /** Breaks every connection and lets none through until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function startCommitBreaker(target: string): Promise<CommitBreaker> {
  const { hostname, port } = new URL(target);
  let next: 'before' | 'after' | undefined;
  let away = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    if (away) return client.destroy();
    const server = connect(Number(port), hostname);
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
    let deaf = false;
    client.on('data', (chunk) => {
      const way = chunk.includes('commit') ? next : undefined;
      if (way === undefined) return server.write(chunk);
      next = undefined;
      if (way === 'before') return client.destroy();
      deaf = true;
      return server.write(chunk);
    });
    server.on('data', (chunk) => (deaf ? client.destroy() : client.write(chunk)));
    client.on('close', () => server.end());
    server.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(target);
  url.port = `${(proxy.address() as { port: number }).port}`;
  return {
    url: url.href,
    breakNext(way) {
      next = way;
    },
    cut() {
      away = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      away = false;
    },
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
