import type { FastifyInstance } from 'fastify';

/** Bodies of any type reach the handlers of this scope as the stream that they arrive in, nothing decoded or held. */
export function acceptStreams(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}
