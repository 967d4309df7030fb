import { createHash } from 'node:crypto';

/** Size of a content in bytes, and its SHA-256, hexadecimal. */
export interface ContentMeasure {
  bytes: number;
  sha256: string;
}

/** A content on its way, which is counted and hashed as it passes. */
export interface HashedStream {
  /** The content, to be read once. */
  chunks: AsyncGenerator<Uint8Array>;
  /** Size and hash of what has passed; to be called once, after the last chunk. */
  measure(): ContentMeasure;
}

/** Counts and hashes a content while another reads it. */
export function hashStream(content: AsyncIterable<Uint8Array>): HashedStream {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* read() {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  return { chunks: read(), measure: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/**
 * Reads a whole content for its size and hash.
 *
 * @throws what reading the content throws
 */
export async function measureStream(content: AsyncIterable<Uint8Array>): Promise<ContentMeasure> {
  const { chunks, measure } = hashStream(content);
  for await (const _ of chunks);
  return measure();
}
