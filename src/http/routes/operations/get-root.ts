import type { FastifyInstance } from 'fastify';
import { packageVersion } from '../../../runtime/package-version.ts';
import type { AppDependencies } from '../../app-dependencies.ts';

/** Adds `GET /`: leads a browser to the studio, and tells programs what this is and where its parts are. */
export function addGetRoot(app: FastifyInstance, { settings }: Pick<AppDependencies, 'settings'>): void {
  const version = packageVersion();
  const at = (path: string) => `${settings.publicUrl}${path}`;
  app.get('/', { config: { access: 'open' }, schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'Accept-Encoding, Accept');
    if (request.headers.accept?.includes('text/html')) return reply.redirect('/studio/');
    const links = {
      studio: at('/studio/'),
      description: at('/openapi.json'),
      health: at('/healthz'),
      readiness: at('/readyz'),
    };
    return { name: 'kontur', version, links };
  });
}
