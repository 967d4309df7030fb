import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the client already holds the version with this ETag and asks only for changes (RFC 9110, section 13.1.2). */
export function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known !== undefined && (known.includes(etag) || known.includes('*'));
}

/**
 * Sets the headers of an answer made from a photo. Its content does not change, but who may read it does: caches must
 * revalidate every use, and are then answered without the bytes. Shown as a page, it can do nothing in the name of this
 * server.
 */
export function sendPicture(
  reply: FastifyReply,
  { etag, mediaType, fileName }: { etag: string; mediaType?: string; fileName?: string },
): FastifyReply {
  if (mediaType !== undefined) reply.type(mediaType);
  return reply.headers({
    etag,
    'cache-control': 'private, no-cache',
    'content-security-policy': "sandbox; default-src 'none'",
    ...(fileName !== undefined && { 'content-disposition': `inline; filename="${fileName}"` }),
  });
}
