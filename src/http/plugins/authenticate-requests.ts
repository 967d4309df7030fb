import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticate } from '../../auth/create-authenticator.ts';
import type { Principal } from '../../auth/principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller. Set on every route except those with `access`. */
    principal: Principal;
  }
  interface FastifyContextConfig {
    /**
     * Why the route needs no bearer token: it is open to all, its address is signed, or the upstream checks the token.
     */
    access?: 'open' | 'signed-link' | 'upstream';
  }
}

/**
 * Requires a bearer token before anything else is checked: on every route without `access`, and below /api also on
 * paths without a route, because the official client only fetches its token after a 401
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

/** A name that cannot be decoded matches no project. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
