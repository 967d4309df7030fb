import http from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';

/** One header line, spelled as it goes over the wire. */
export type HeaderLine = readonly [name: string, value: string];

export interface RawRequest {
  method: string;
  url: string;
  /** Sent in this order and spelling; `Host` and `Content-Length` are added where they are missing. */
  headers?: readonly HeaderLine[];
  body?: Uint8Array;
}

export interface RawAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Sends a request as it is given: no header is added, joined, reordered or respelled, as `fetch` would do.
 * @throws Error where no whole answer arrives within `timeoutMs`
 */
export function sendRequest(
  { method, url, headers = [], body }: RawRequest,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<RawAnswer> {
  const { protocol, hostname, port, host, pathname, search } = new URL(url);
  const { request } = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request({
      method,
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      path: pathname + search,
      headers: complete(headers, host, body) as unknown as string[],
      signal: AbortSignal.timeout(timeoutMs),
    });
    sent.on('error', (error) => {
      const late = error.name === 'AbortError' || error.name === 'TimeoutError';
      reject(late ? new Error(`no whole answer to ${method} ${pathname} within ${timeoutMs} ms`) : error);
    });
    sent.on('response', (answer) => {
      buffer(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
    });
    sent.end(body);
  });
}

function complete(headers: readonly HeaderLine[], host: string, body: Uint8Array | undefined): HeaderLine[] {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const added: HeaderLine[] = [];
  if (!given.has('host')) added.push(['Host', host]);
  if (body !== undefined && !given.has('content-length')) added.push(['Content-Length', String(body.length)]);
  return [...headers, ...added];
}
