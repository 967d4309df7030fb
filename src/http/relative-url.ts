import type { IncomingMessage } from 'node:http';

const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/**
 * The address of a request without its origin, which clients of proxies send along. The origin's host counts instead of
 * the header then (RFC 9112, section 3.2.2).
 */
export function relativeUrl(request: IncomingMessage): string {
  const { url = '/', headers } = request;
  const [origin, host] = ABSOLUTE.exec(url) ?? [];
  if (origin === undefined) return url;
  headers.host = host;
  const rest = url.slice(origin.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
