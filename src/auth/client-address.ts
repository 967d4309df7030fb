import type { IncomingMessage } from 'node:http';

/** Addresses of clients behind reverse proxies, by request. */
const told = new WeakMap<IncomingMessage, string>();

/** Records the address that a request comes from, if that is not the peer of its connection. */
export function tellClientAddress(request: IncomingMessage, address: string): void {
  told.set(request, address);
}

/** Network address of the client of a request. */
export function clientAddress(request: IncomingMessage | undefined): string {
  return (request && (told.get(request) ?? request.socket?.remoteAddress)) ?? '';
}
