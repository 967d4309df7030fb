import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A file of the stub, and whose tokens may read it. */
export interface StubFile {
  id: number;
  externalId?: string;
  instanceId?: { space: string; externalId: string };
  name: string;
  mimeType?: string;
  uploaded: boolean;
  uploadedTime?: number;
  lastUpdatedTime: number;
  content: Uint8Array;
  readers: Set<string>;
}

/** Tokens that the stub knows, told apart from anything else that might be written somewhere. */
export const ALICE = 'alice.Zm9yIHRlc3Rz.token';
export const BOB = 'bob.Zm9yIHRlc3Rz.token';

/** An upstream in the test's hands: it knows two tokens, and grants files to each. */
export interface StubUpstream {
  url: string;
  /** Where its download links lead: another origin. */
  storeUrl: string;
  files: StubFile[];
  /** Requests that came, as `METHOD path`, of the API and of the store. */
  requests: string[];
  /** ETag that the store sends with contents; none, unless the test sets it. */
  etag?: string;
  /** Headers of the requests to the store that were for a whole content. */
  storeHeaders: IncomingMessage['headers'][];
  /** What the next requests to a path are answered with instead. */
  refuse: Map<string, { status: number; body: unknown; headers?: Record<string, string> }>;
  /** Downloads are answered with this status instead. */
  storeStatus?: number;
  close(): Promise<void>;
}

export const PROJECT = 'plant';

export async function startStubUpstream(): Promise<StubUpstream> {
  const stub: Omit<StubUpstream, 'close'> = {
    url: '',
    storeUrl: '',
    files: [],
    requests: [],
    storeHeaders: [],
    refuse: new Map(),
  };
  const api = await listen((request, response) => void answer(stub, request, response));
  const store = await listen((request, response) => {
    stub.requests.push(`${request.method} ${request.url}`);
    if (request.headers.range === undefined) stub.storeHeaders.push(request.headers);
    const file = stub.files.find(({ id }) => request.url?.startsWith(`/content/${id}?`));
    response.writeHead(stub.storeStatus ?? (file === undefined ? 404 : 200), {
      'content-type': 'image/jpeg',
      ...(stub.etag !== undefined && { etag: stub.etag }),
    });
    response.end(file?.content);
  });
  return Object.assign(stub, {
    url: urlOf(api),
    storeUrl: urlOf(store),
    async close() {
      for (const server of [api, store]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  });
}

async function answer(stub: Omit<StubUpstream, 'close'>, request: IncomingMessage, response: ServerResponse) {
  const path = request.url!.split('?')[0]!;
  stub.requests.push(`${request.method} ${request.url}`);
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const body = await text(request);
  const refusal = stub.refuse.get(path);
  if (refusal !== undefined) return send(refusal.status, refusal.body, refusal.headers);
  const token = request.headers.authorization?.replace('Bearer ', '');
  if (token !== ALICE && token !== BOB) return send(401, { error: { code: 401, message: 'Could not authenticate.' } });
  if (path === '/api/v1/token/inspect') {
    return send(200, {
      subject: token.split('.')[0],
      projects: [{ projectUrlName: PROJECT, groups: [1] }],
      capabilities: [],
    });
  }
  const operation = path.replace(`/api/v1/projects/${PROJECT}/files/`, '');
  if (operation !== 'byids' && operation !== 'downloadlink') return send(404, { error: { code: 404, message: 'no' } });
  const { items, ignoreUnknownIds } = JSON.parse(body) as { items: Partial<StubFile>[]; ignoreUnknownIds?: boolean };
  const find = (reference: Partial<StubFile>) =>
    stub.files.find(
      (candidate) =>
        candidate.readers.has(token) &&
        (candidate.id === reference.id ||
          (reference.externalId !== undefined && candidate.externalId === reference.externalId) ||
          (reference.instanceId !== undefined &&
            JSON.stringify(candidate.instanceId) === JSON.stringify(reference.instanceId))),
    );
  const show = ({ content, readers, ...shown }: StubFile) => ({ ...shown, createdTime: 1, labels: [] });
  if (ignoreUnknownIds) return send(200, { items: items.flatMap((item) => find(item) ?? []).map(show) });
  const [reference] = items;
  const file = find(reference!);
  if (file === undefined) {
    return send(400, { error: { code: 400, message: 'File ids not found: these', missing: [reference] } });
  }
  if (operation === 'byids') return send(200, { items: [show(file)] });
  send(200, { items: [{ id: file.id, downloadUrl: `${stub.storeUrl}/content/${file.id}?Signature=s3cret` }] });
}

async function listen(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
