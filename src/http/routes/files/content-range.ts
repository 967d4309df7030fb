import type { FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';
import { KonturError } from '#contract/errors';
import type { ByteRange } from '../../../blobs/blobs.ts';

/**
 * The part of a content that a GET asks for, and what the answer says of it (RFC 9110, section 14): 206 with
 * `content-range`. Undefined where the whole is to be sent: nothing, several parts or nonsense is asked for, or the
 * part of another content.
 *
 * @param bytes length of the content
 * @param etag its tag, which a client that goes on with a download names in `if-range`
 * @throws KonturError `range-not-satisfiable` where the content ends before the part begins
 */
export function rangeOf(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  { bytes, etag }: { bytes: number; etag: string },
): ByteRange | undefined {
  const { range, 'if-range': condition } = headers;
  if (method !== 'GET' || range === undefined) return undefined;
  if (condition !== undefined && condition !== etag) return undefined;
  // A range that ends before it begins is none, and not one that the content does not reach.
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (Number(first) > Number(last)) return undefined;
  const ranges = parseRange(bytes, range, { combine: true });
  if (ranges === -1) {
    reply.header('content-range', `bytes */${bytes}`);
    throw new KonturError('range-not-satisfiable', `The content has ${bytes} bytes; ${range} asks for others.`);
  }
  const [part, ...others] = ranges === -2 || ranges.type !== 'bytes' ? [] : ranges;
  if (part === undefined || others.length > 0) return undefined;
  reply.code(206).headers({
    'content-range': `bytes ${part.start}-${part.end}/${bytes}`,
    'content-length': part.end - part.start + 1,
  });
  return part;
}
