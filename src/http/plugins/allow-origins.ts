import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { EMBEDDING_HEADERS } from '../routes/kontur/read-embedding.ts';

const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Lets pages of exactly these origins call the API; with an empty list no CORS header is ever sent. The headers are
 * those of docs/contract.md#transport-cors.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      ...['authorization', 'content-type', 'content-md5', 'cdf-version', 'x-cdp-app', 'x-cdp-sdk'],
      ...['last-event-id', 'range', 'if-range', 'if-none-match'],
    ],
    exposedHeaders: [
      ...['x-request-id', 'retry-after', 'etag', 'accept-ranges', 'content-range', 'content-disposition'],
      ...EMBEDDING_HEADERS,
    ],
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    // The plugin's own refusals are plain text; an OPTIONS request that is no preflight is harmless.
    strictPreflight: false,
  });
}
