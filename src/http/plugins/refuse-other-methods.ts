import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Records the routes that are added from here on. The returned function, called after the last one, makes each of their
 * paths answer 405 to other methods, with `Allow`.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const paths = new Map<string, { methods: Set<string>; config: FastifyContextConfig | undefined }>();
  app.addHook('onRoute', ({ url, method, config }) => {
    const path = paths.get(url) ?? { methods: new Set(), config };
    for (const name of [method].flat()) path.methods.add(name);
    paths.set(url, path);
  });
  return () => {
    for (const [url, { methods, config }] of [...paths]) {
      const others = METHODS.filter((method) => !methods.has(method));
      if (others.length === 0) continue;
      const allowed = [...methods].join(', ');
      app.route({
        method: others,
        url,
        config,
        schema: { hide: true },
        handler: (request, reply) => {
          reply.header('allow', allowed);
          throw new KonturError('method-not-allowed', `${request.method} is not possible here, only ${allowed}.`);
        },
      });
    }
  };
}
