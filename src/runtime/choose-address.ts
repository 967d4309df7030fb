import { once } from 'node:events';
import { type AddressInfo, createServer, isIPv6 } from 'node:net';

/**
 * Chooses the port to listen on and the address that clients use. A free port for port 0 is chosen here instead of when
 * listening, since the token issuer and all links contain the address.
 */
export async function chooseAddress({
  host,
  port,
  publicUrl,
}: {
  host: string;
  port: number;
  publicUrl?: string;
}): Promise<{ port: number; publicUrl: string }> {
  const chosen = port === 0 ? await freePort(host) : port;
  return { port: chosen, publicUrl: publicUrl ?? `http://${isIPv6(host) ? `[${host}]` : host}:${chosen}` };
}

async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
