import { once } from 'node:events';
import { type AddressInfo, createServer, isIPv6 } from 'node:net';

/**
 * Chooses the port to listen on and the address that clients use. A free port for port 0 is chosen here instead of when
 * listening, since the token issuer and all links contain the address. Any other port is tried here, so that a port in
 * use is known before anything else is started.
 *
 * @throws Error written for the operator, if nothing can listen there
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
  const chosen = await tryPort(host, port);
  return { port: chosen, publicUrl: publicUrl ?? `http://${isIPv6(host) ? `[${host}]` : host}:${chosen}` };
}

/** Listens for a moment, and returns the port. */
async function tryPort(host: string, wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(wanted, host);
    await once(probe, 'listening');
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, wanted);
  }
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The error of listening on a port, in words for the operator. */
export function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program, perhaps by another Kontur. Stop that, or choose another port: --port ${port === 8322 ? 8323 : 8322}, or --port 0 for a free one.`,
    EACCES: `Port ${port} on ${host} is only for programs with more rights, as ports below 1024 mostly are. Choose another: --port 8321.`,
    EADDRNOTAVAIL: `This machine has no address ${host} to listen on. Name one of its own: --host 127.0.0.1, or --host 0.0.0.0 for all.`,
  };
  const unknown = `${host} is no address of this machine (${cause.code}). Name one: --host 127.0.0.1, or --host 0.0.0.0 for all.`;
  return new Error(reasons[cause.code ?? ''] ?? unknown, { cause });
}
