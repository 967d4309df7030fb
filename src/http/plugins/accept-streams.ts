import type { FastifyInstance } from 'fastify';

/** Hands bodies of any type to the handlers of this scope as raw streams: not decoded, not buffered. */
export function acceptStreams(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // Otherwise a client that is still sending would never read why its upload was refused.
  scope.addHook('onResponse', async (request) => {
    request.raw.resume();
  });
}
