import type { FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';

/**
 * Refuses a request with more than one Host header, as RFC 9112, section 3.2, wants it: a proxy in front may have read
 * the other.
 */
export function refuseTwoHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw: { rawHeaders } }) => {
    const hosts = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host');
    if (hosts.length > 1) throw new KonturError('invalid-request', 'The request has more than one Host header.');
  });
}
