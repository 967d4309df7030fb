import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';
import type { StoredBlob } from './blobs.ts';

/** Content on its way to a store. */
export interface MeasuredContent {
  /** To be read once. Throws KonturError `body-too-large` as soon as there is more than the limit. */
  chunks: AsyncGenerator<Uint8Array>;
  /** What has come; to be asked once, after the last chunk. */
  measure(): Omit<StoredBlob, 'key'>;
}

/** Counts and hashes what a stream yields, up to a limit; the stream is not destroyed. */
export function measureContent(content: Readable, limitBytes: number): MeasuredContent {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* read() {
    // The stream is the request of a client: destroying it would take away the connection that the error is answered on.
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
