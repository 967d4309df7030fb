import type { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';
import { type HashedStream, hashStream } from '../runtime/hash-stream.ts';

/**
 * Counts and hashes the content of a stream on its way to a store, up to a limit; the stream is not destroyed. Reading
 * the chunks throws a KonturError `body-too-large` as soon as the content exceeds the limit.
 */
export function measureContent(content: Readable, limitBytes: number): HashedStream {
  // The stream is the request of a client: destroying it would close the connection that the error is sent on.
  return hashStream(limitSize(content.iterator({ destroyOnReturn: false }), limitBytes));
}

async function* limitSize(content: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > limitBytes) {
      throw new KonturError('body-too-large', `The upload is larger than the limit of ${limitBytes} bytes.`);
    }
    yield chunk;
  }
}
