import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { tellClientAddress } from '../../auth/client-address.ts';
import type { OidcListener } from '../../auth/mount-oidc-provider.ts';

/** Its bodies are short forms; one that is still coming after this time is held back on purpose. */
const ARRIVAL_MS = 20_000;

/** Hands every request below /oidc to the embedded issuer, which reads the body and answers itself. */
export function mountIssuer(app: FastifyInstance, answer: OidcListener): void {
  app.all('/oidc/*', { config: { access: 'open' }, schema: { hide: true } }, (request, reply) => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '');
    tellClientAddress(request.raw, request.ip);
    endSlowBody(request.raw);
    answer(request.raw, reply.raw);
  });
}

function endSlowBody(request: IncomingMessage): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, ARRIVAL_MS);
  request.once('close', () => clearTimeout(timer));
}
