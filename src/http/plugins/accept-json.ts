import type { FastifyInstance } from 'fastify';
import { inflateBody } from './inflate-body.ts';
import { parseJsonBody } from './parse-json-body.ts';

/** Bodies of this scope are JSON, plain or compressed; at most `bodyLimit` bytes once inflated. */
export function acceptJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addHook('preParsing', inflateBody);
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseJsonBody(String(text)));
    } catch (error) {
      done(error as Error);
    }
  });
}
