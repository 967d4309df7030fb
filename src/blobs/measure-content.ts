import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';
import type { StoredBlob } from './blobs.ts';

/** Content on its way to a store, which is counted and hashed as it is read. */
export interface MeasuredContent {
  /**
   * The content, to be read once.
   *
   * @throws KonturError `body-too-large` as soon as the content exceeds the limit
   */
  chunks: AsyncGenerator<Uint8Array>;
  /** Size and hash of the content; to be called once, after the last chunk. */
  measure(): Omit<StoredBlob, 'key'>;
}

/** Counts and hashes the content of a stream, up to a limit; the stream is not destroyed. */
export function measureContent(content: Readable, limitBytes: number): MeasuredContent {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* read() {
    // The stream is the request of a client: destroying it would close the connection that the error is sent on.
    for await (const chunk of content.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        throw new KonturError('body-too-large', `The upload is larger than the limit of ${limitBytes} bytes.`);
      }
      hash.update(chunk);
      yield chunk as Uint8Array;
    }
  }
  return { chunks: read(), measure: () => ({ bytes, sha256: hash.digest('hex') }) };
}
