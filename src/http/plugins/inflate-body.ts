import { createGunzip, createInflate } from 'node:zlib';
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { KonturError } from '#contract/errors';

const INFLATERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate };

/**
 * Inflates a gzip or deflate body while it is read; Fastify stops reading past `bodyLimit`, counted in inflated bytes. The
 * Python client compresses every body (docs/contract.md#transport-compressed-bodies).
 */
export async function inflateBody(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: RequestPayload,
): Promise<RequestPayload> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return payload;
  if (!Object.hasOwn(INFLATERS, encoding)) {
    throw new KonturError('unsupported-content-type', `Bodies may be sent plain, gzip or deflate, not ${encoding}.`);
  }
  const inflater = INFLATERS[encoding as keyof typeof INFLATERS]();
  const inflated = Object.assign(inflater, { receivedEncodedLength: 0 });
  payload.on('data', (chunk: Buffer) => {
    inflated.receivedEncodedLength += chunk.length;
  });
  payload.on('error', (error) => inflater.destroy(error));
  // A body that was refused half-way is not inflated to its end.
  reply.raw.on('close', () => inflater.destroy());
  return payload.pipe(inflated);
}
