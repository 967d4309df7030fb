import type { IncomingMessage } from 'node:http';

/** Addresses of clients behind reverse proxies, by their requests. */
const told = new WeakMap<IncomingMessage, string>();

/** Says where a request comes from, where that is not the other end of its connection. */
export function tellClientAddress(request: IncomingMessage, address: string): void {
  told.set(request, address);
}

/** Network address of the client of a request. */
export function clientAddress(request: IncomingMessage | undefined): string {
  return (request && (told.get(request) ?? request.socket?.remoteAddress)) ?? '';
}
