import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A relay in front of a server that breaks connections in the middle. */
export interface Cutter {
  /** Address that stands for the server's. */
  url: string;
  /** How many connections it has broken. */
  cuts(): number;
  close(): void;
}

/** Starts a relay on loopback that resets each connection once so many bytes have come from the browser. */
export async function cutConnections(serverUrl: string, afterBytes: number): Promise<Cutter> {
  const { hostname, port } = new URL(serverUrl);
  let cuts = 0;
  const relay = createServer((socket) => {
    const onward = connect(Number(port), hostname);
    let bytes = 0;
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    onward.pipe(socket);
    socket.on('data', (part) => {
      bytes += part.length;
      if (bytes < afterBytes) return void onward.write(part);
      if (socket.destroyed) return;
      cuts += 1;
      socket.resetAndDestroy();
      onward.resetAndDestroy();
    });
    socket.on('end', () => onward.end());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () => void relay.close(),
  };
}
