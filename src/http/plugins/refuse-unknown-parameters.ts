import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KonturError } from '#contract/errors';

/**
 * Refuses parameters of the address that an operation does not have, before its body is read: one that was swallowed
 * would leave a client thinking that it has had its effect. Routes that anyone may ask are left out, since probes and
 * caches add some.
 */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => {
    const { access } = request.routeOptions.config;
    if (request.is404 || access === 'open' || access === 'upstream') return;
    const known = knownParameters(request);
    const unknown = Object.keys(request.query as object).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const those = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`;
    throw new KonturError('invalid-request', `This operation has no parameter ${JSON.stringify(unknown)}. ${those}`);
  });
}

function knownParameters({ routeOptions: { schema } }: FastifyRequest): string[] {
  const { properties = {} } = (schema?.querystring ?? {}) as { properties?: object };
  return Object.keys(properties);
}
