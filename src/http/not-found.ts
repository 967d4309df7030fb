import type { FastifyRequest } from 'fastify';
import { KonturError } from '#contract/errors';

/**
 * Refuses a path without an operation; below /api the token has been checked before.
 *
 * @throws KonturError `not-found`
 */
export function refuseUnknownRoute(request: FastifyRequest): never {
  const [path] = request.url.split('?');
  throw new KonturError(
    'not-found',
    `There is no operation ${request.method} ${path}. /openapi.json lists those there are.`,
  );
}
