import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';

/** Path of a decoder's graph on this server. */
export const decoderPath = ({ sha256 }: { sha256: string }): string => `/studio/decoders/${sha256}.onnx`;

/**
 * Adds `GET /studio/decoders/{sha256}.onnx`, the graph of the decoder that is in force, for anyone: the weights are
 * published. Another hash is not found, so caches may keep an answer for ever.
 */
export function addGetDecoder(app: FastifyInstance, { engine }: Pick<AppDependencies, 'engine'>): void {
  app.get<{ Params: { name: string } }>(
    '/studio/decoders/:name',
    { config: { access: 'open' }, schema: { hide: true } },
    async ({ params }, reply) => {
      const decoder = await engine?.exportDecoder();
      if (decoder === undefined || params.name !== `${decoder.sha256}.onnx`) return reply.callNotFound();
      return reply
        .headers({
          'content-length': decoder.bytes,
          'cache-control': 'public, max-age=31536000, immutable',
          'cross-origin-resource-policy': 'same-origin',
        })
        .type('application/octet-stream')
        .send(createReadStream(decoder.path));
    },
  );
}
