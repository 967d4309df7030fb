import type { FastifyInstance } from 'fastify';

/** The default for routes: bodies are left alone. Those that take one say how, each in a scope of its own. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}
