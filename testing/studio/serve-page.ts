import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { FILE_HEADERS, studioPolicy } from '../../src/http/routes/studio/studio-headers.ts';

/** A page of the tests, served as the studio is, with the API of a server beside it. */
export interface ServedPage {
  url: string;
  /** Paths that were asked of the server. */
  asked: string[];
  /** Status and path of what it answered. */
  answered: string[];
  close(): Promise<void>;
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Serves the built files of a folder below `/studio/`, with the headers of the studio, and hands everything else on.
 *
 * @param options.script name of the script that the page at `/studio/` loads
 * @param options.isIsolated whether the page may use shared memory; the studio's may
 * @param options.change changes an answer of the server to a path before it is handed on
 */
export async function servePage(
  serverUrl: string,
  {
    folder,
    script,
    isIsolated = true,
    change,
  }: { folder: string; script: string; isIsolated?: boolean; change?: (url: string, body: Buffer) => Buffer },
): Promise<ServedPage> {
  const asked: string[] = [];
  const answered: string[] = [];
  const headers = {
    ...(isIsolated ? FILE_HEADERS : {}),
    'content-security-policy': studioPolicy({ otherOrigins: [] }),
    'cache-control': 'no-cache',
  };
  async function sendFile(name: string, response: ServerResponse): Promise<void> {
    const content = await readFile(path.join(folder, name)).catch(() => undefined);
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, { ...headers, 'content-type': type }).end(content);
  }
  function handOn(incoming: IncomingMessage, response: ServerResponse): void {
    const { url = '/', method } = incoming;
    asked.push(url);
    const { host } = new URL(serverUrl);
    const outgoing = request(new URL(url, serverUrl), { method, headers: { ...incoming.headers, host } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        answered.push(`${answer.statusCode} ${url}`);
        const sent = change?.(url, body) ?? body;
        const { 'transfer-encoding': _, ...kept } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, { ...kept, 'content-length': sent.length }).end(sent);
      });
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  }
  const server = createServer((incoming, response) => {
    const name = /^\/studio\/(.*)$/.exec(incoming.url ?? '')?.[1];
    if (name === '') {
      const page = `<!doctype html><title>page</title><script type="module" src="${script}"></script>`;
      response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end(page);
    } else if (name !== undefined && !name.startsWith('decoders/')) void sendFile(name, response);
    else handOn(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/studio/`,
    asked,
    answered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
