import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the client holds what the tag stands for, and wants to be told so only (RFC 9110, section 13.1.2). */
export function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known !== undefined && (known.includes(etag) || known.includes('*'));
}

/**
 * Sets the headers of something that is made of a photo. It does not change, but who may read it does: every use is asked for,
 * and then answered without the bytes. Shown as a page, it can do nothing in the name of this server.
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
