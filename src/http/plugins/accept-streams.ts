import type { FastifyInstance } from 'fastify';

/** Bodies of any type reach the handlers of this scope as the stream that they arrive in, nothing decoded or held. */
export function acceptStreams(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // A client that is still sending would else never come to read why its upload was refused.
  scope.addHook('onResponse', async (request) => {
    request.raw.resume();
  });
}
