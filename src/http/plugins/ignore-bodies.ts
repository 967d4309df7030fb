import type { FastifyInstance } from 'fastify';

/** The default for routes: bodies are not read. Routes that take a body register a parser in their own scope. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}
