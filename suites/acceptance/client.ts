import { type AnswerCheck, type ApiDescription, createAnswerCheck } from './answer-schemas.ts';
import { type HeaderLine, sendRequest } from './send-request.ts';

/** The server under test. */
export interface Target {
  /** Base address, without a path. */
  url: string;
  token: string;
  project: string;
}

export interface Answer<T> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  bytes: Buffer;
  /** Parsed when it is read: contents of files are no JSON. */
  body: T;
}

export interface Options {
  /** Instead of `cdf-version: beta` and `Content-Type: application/json`. */
  headers?: readonly HeaderLine[];
  /** Instead of the token of the target; null sends none. */
  token?: string | null;
}

/** Calls a server; an answer that neither description allows is thrown out as an error. */
export interface Client {
  token: string;
  /**
   * @param route below the project; one that starts with `/api/` or `/` + another top-level word stands for itself, as
   *   does an absolute address
   * @param body bytes are sent as they are, anything else as JSON
   */
  send<T>(method: string, route: string, body?: unknown, options?: Options): Promise<Answer<T>>;
  get<T>(route: string, options?: Options): Promise<Answer<T>>;
  post<T>(route: string, body: unknown, options?: Options): Promise<Answer<T>>;
  /** The body of the answer to a POST that has to succeed. */
  create<T>(route: string, body: unknown): Promise<T>;
}

/** Routes that are not below a project. */
const GLOBAL_ROUTE = /^\/(api\/|openapi\.json|healthz|readyz)/;
const SEGMENT_PATH = /\/context\/vision\/segment(\/[^/]*)?$/;

/**
 * @param contract test/contract/segment.openapi.yaml, which every answer of a segment operation is held against
 * @param described the description of the whole API, which every answer is held against
 */
export function createClient(
  { url, token, project }: Target,
  contract: ApiDescription,
  described: ApiDescription,
): Client {
  const checkSegment = createAnswerCheck(contract, {
    base: '/api/v1/projects/{project}',
    anywhere: [404, 405, 413, 415, 421],
  });
  const check = createAnswerCheck(described, { exact: true });

  const client: Client = {
    token,
    async send<T>(method: string, route: string, body?: unknown, options: Options = {}): Promise<Answer<T>> {
      const address = route.includes('://') ? route : `${url}${below(project, route)}`;
      const { headers = defaultHeaders(body), token: own = token } = options;
      const authorization: HeaderLine[] = own === null ? [] : [['Authorization', `Bearer ${own}`]];
      const answer = await sendRequest({
        method,
        url: address,
        headers: [...authorization, ...headers],
        body: toBytes(body),
      });
      const text = answer.body.toString();
      verify(method, address, { status: answer.status, contentType: answer.headers['content-type'] ?? '', text });
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        bytes: answer.body,
        get body() {
          return JSON.parse(text) as T;
        },
      };
    },
    get: (route, options) => client.send('GET', route, undefined, options),
    post: (route, body, options) => client.send('POST', route, body, options),
    async create<T>(route: string, body: unknown) {
      const answer = await client.post<T>(route, body);
      if (answer.status >= 300) throw new Error(`POST ${route} is answered ${answer.status}: ${answer.text}`);
      return answer.body;
    },
  };
  return client;

  function verify(method: string, address: string, answer: Parameters<AnswerCheck>[2]): void {
    if (!address.startsWith(`${url}/`)) return;
    const { pathname } = new URL(address);
    if (pathname === '/openapi.json') return;
    const findings = [check(method, pathname, answer)];
    if (SEGMENT_PATH.test(pathname)) findings.push(checkSegment(method, pathname, answer));
    const finding = findings.find((text) => text !== undefined);
    if (finding !== undefined) throw new Error(`${method} ${pathname} ${finding}`);
  }
}

function below(project: string, route: string): string {
  return GLOBAL_ROUTE.test(route) ? route : `/api/v1/projects/${encodeURIComponent(project)}${route}`;
}

function defaultHeaders(body: unknown): HeaderLine[] {
  const version: HeaderLine = ['cdf-version', 'beta'];
  return body === undefined ? [version] : [version, ['Content-Type', 'application/json']];
}

function toBytes(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return Buffer.from(JSON.stringify(body));
}
