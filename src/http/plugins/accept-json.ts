import type { FastifyInstance } from 'fastify';
import { inflateBody } from './inflate-body.ts';
import { parseJsonBody } from './parse-json-body.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Objects under this key of the body keep their properties that are null: there, null is a value. */
    nullsIn?: string;
  }
}

/** Bodies of this scope are JSON, plain or compressed; at most `bodyLimit` bytes once inflated. */
export function acceptJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addHook('preParsing', inflateBody);
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    try {
      done(null, parseJsonBody(String(text), request.routeOptions.config.nullsIn));
    } catch (error) {
      done(error as Error);
    }
  });
}
