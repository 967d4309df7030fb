import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticate } from '../../auth/create-authenticator.ts';
import type { Principal } from '../../auth/principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Set on every route but those with `access`. */
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** Why the route needs no bearer token: anyone may ask, the address itself is signed, or an upstream will look at it. */
    access?: 'open' | 'signed-link' | 'upstream';
  }
}

/**
 * Asks for a bearer token before anything else is checked: on every route that does not say otherwise, and below /api
 * on paths that no route has, because the official client only fetches its token after a 401
 * (docs/contract.md#errors-unauthorized).
 */
export function authenticateRequests(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('principal', undefined as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    if (request.is404 ? !/^\/api([/?]|$)/.test(request.url) : request.routeOptions.config.access !== undefined) return;
    request.principal = await authenticate(request.headers.authorization, projectOf(request));
  });
}

function projectOf(request: FastifyRequest): string | undefined {
  const { project } = (request.params ?? {}) as { project?: string };
  if (project !== undefined) return project;
  const encoded = /^\/api\/v1\/projects\/([^/?]+)/.exec(request.url)?.[1];
  return encoded === undefined ? undefined : decode(encoded);
}

/** No project has a name that cannot be decoded. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
