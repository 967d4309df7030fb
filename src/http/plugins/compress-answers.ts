import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Below this, compressing saves no packet. */
const LEAST_BYTES = 1_400;

/**
 * Compresses JSON answers of this scope for clients that accept it, as `vary` says. Outputs and pictures have a strong
 * ETag, which stands for their very bytes, and are sent as they are.
 */
export async function compressAnswers(scope: FastifyInstance): Promise<void> {
  await scope.register(compress, {
    threshold: LEAST_BYTES,
    encodings: ['gzip'],
    customTypes: /^application\/json/,
    zlibOptions: { level: constants.Z_BEST_SPEED },
    // Bodies of requests are inflated, and limited, by `acceptJson`.
    globalDecompression: false,
  });
}
