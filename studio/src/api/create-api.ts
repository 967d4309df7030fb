import createClient, { type Middleware } from 'openapi-fetch';
import type { Session } from '../sign-in/create-session.ts';
import { ApiError } from './api-error.ts';
import type { paths } from './openapi.d.ts';

/** The API of the server, for one project and the person who is signed in. */
export interface Api {
  project: string;
  /** Typed client of all operations; failures are thrown as `ApiError`. */
  client: ReturnType<typeof createClient<paths>>;
  /** Fetches what is no JSON, such as a picture, relative to the project: `kontur/files/1/thumbnail`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/**
 * Creates the client of the API. Every request carries the token; one that the server refuses as ended is renewed and
 * the request sent once more.
 */
export function createApi(session: Session, project: string): Api {
  const send = async (request: Request): Promise<Response> => {
    const again = request.clone();
    const response = await withToken(request, await session.token());
    if (response.status !== 401) return response;
    const renewed = await session.renew();
    return renewed === undefined ? response : withToken(again, renewed);
  };
  const checked: Middleware = {
    async onResponse({ response }) {
      if (!response.ok) throw await ApiError.of(response);
    },
    onError: ({ error }) => ApiError.unreachable(error),
  };
  const client = createClient<paths>({ baseUrl: location.origin, fetch: send });
  client.use(checked);
  const base = `${location.origin}/api/v1/projects/${encodeURIComponent(project)}/`;
  return {
    project,
    client,
    async fetch(path, init) {
      const response = await send(new Request(new URL(path, base), init)).catch((error: unknown) => {
        throw ApiError.unreachable(error);
      });
      if (!response.ok) throw await ApiError.of(response);
      return response;
    },
  };
}

function withToken(request: Request, token: string | undefined): Promise<Response> {
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
  return fetch(request);
}
