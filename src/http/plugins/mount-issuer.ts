import type { FastifyInstance } from 'fastify';
import type { OidcListener } from '../../auth/mount-oidc-provider.ts';

/** Hands every request below /oidc to the embedded issuer, which reads the body and answers itself. */
export function mountIssuer(app: FastifyInstance, answer: OidcListener): void {
  app.all('/oidc/*', { config: { access: 'open' }, schema: { hide: true } }, (request, reply) => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '');
    answer(request.raw, reply.raw);
  });
}
