import type { FastifyInstance, FastifyRequest, RequestPayload } from 'fastify';
import { MAX_BODY_VALUES } from '#contract/limits';
import { inflateBody } from './inflate-body.ts';
import { measureJson } from './measure-json.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { readBody } from './read-body.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Objects under this key of the body keep their null properties: there, null is a value. */
    nullsIn?: string;
    /** A property with this name keeps a null: there, null is a value. */
    keptNull?: string;
    /** Most values in a body, at all levels; `MAX_BODY_VALUES` by default. */
    bodyValues?: number;
  }
}

/**
 * Parses bodies of this scope as JSON, plain or compressed. They are measured while they arrive and refused past the
 * limits of their route: `bodyLimit` in inflated bytes, `bodyValues` in values.
 */
export function acceptJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', async (request: FastifyRequest, sent: RequestPayload) => {
    const { headers, routeOptions } = request;
    const { bodyValues = MAX_BODY_VALUES, nullsIn, keptNull } = routeOptions.config;
    const body = await readBody(sent, {
      limitBytes: routeOptions.bodyLimit,
      declaredBytes: headers['content-length'] === undefined ? undefined : Number(headers['content-length']),
      inflate: () => inflateBody(sent, headers['content-encoding']),
      inspect: measureJson(bodyValues),
    });
    return parseJsonBody(body, { nullsIn, keptNull });
  });
}
