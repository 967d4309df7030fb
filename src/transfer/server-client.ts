import { setTimeout } from 'node:timers/promises';

/** Where a server is, and who asks it. */
export interface ServerAddress {
  /** With or without a path; no slash at its end is needed. */
  url: string;
  project: string;
  token: string | undefined;
}

/** A server refused a request, and will again. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** A server did not answer, broke off, or has no time; a later try may succeed. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Asks a server for the operations of one project. */
export interface ServerClient extends Pick<ServerAddress, 'url' | 'project'> {
  /**
   * Sends JSON and reads the JSON that comes back; what only reads is tried again where the server has no time.
   *
   * @param path below the project, without a slash before it
   * @throws Refused; Unreachable
   */
  ask<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, options?: { once?: boolean }): Promise<T>;
  /** Opens an answer that is read as it comes. @throws as `ask` */
  open(path: string, signal?: AbortSignal): Promise<Response>;
}

const TRIES = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const ANSWER_LIMIT_MS = 120_000;

/** Creates a client of one project of a server. */
export function createServerClient({ url, project, token }: ServerAddress): ServerClient {
  const base = `${url.replace(/\/+$/, '')}/api/v1/projects/${encodeURIComponent(project)}`;
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };

  async function send(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const response = await fetch(`${base}/${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      // A token goes nowhere but to the server that it was meant for.
      redirect: 'error',
      signal,
    }).catch((error: Error) => {
      signal.throwIfAborted();
      throw new Unreachable(`${url} does not answer: ${reasonOf(error)}`, { cause: error });
    });
    if (response.ok) return response;
    throw await toError(response, `${method} …/${path.split('?')[0]}`);
  }

  async function retried<T>(work: () => Promise<T>, once = false): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (once || attempt === TRIES || !(error instanceof Unreachable)) throw error;
        await setTimeout(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS));
      }
    }
  }

  return {
    url,
    project,
    ask: (method, path, body, { once = false } = {}) =>
      retried(async () => {
        const response = await send(method, path, body, AbortSignal.timeout(ANSWER_LIMIT_MS));
        const text = await response.text().catch((error: Error) => {
          throw new Unreachable(`${url} broke off its answer: ${reasonOf(error)}`, { cause: error });
        });
        try {
          return text === '' ? {} : JSON.parse(text);
        } catch (cause) {
          throw new Refused(`${url} answered something else than JSON (${cause}). Is it a server of Kontur?`, 200);
        }
      }, once),
    open: (path, signal = new AbortController().signal) => retried(() => send('GET', path, undefined, signal)),
  };
}

async function toError(response: Response, what: string): Promise<Refused | Unreachable> {
  const text = await response.text().catch(() => '');
  const error = readEnvelope(text);
  const message = `${what}: ${error.message ?? `HTTP ${response.status}`}`;
  const isPassing = response.status === 429 || response.status >= 502;
  return isPassing ? new Unreachable(message) : new Refused(message, response.status);
}

function readEnvelope(text: string): { message?: string } {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'object' && error !== null ? error : { message: String(error) };
  } catch {
    return {};
  }
}

const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message);
