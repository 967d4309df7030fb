import { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';

/** After this time, a body has to have come in at this rate on the whole; the slowest mobile networks are faster. */
const GRACE_MS = 30_000;
const LEAST_BYTES_PER_SECOND = 2_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Passes a content on, and ends its connection once it has come in so slowly that a client may only be holding a
 * temporary file: the idle limit of connections does not end one that gets a byte now and then.
 *
 * @throws KonturError `request-timeout` from the stream that is returned
 */
export function refuseTrickle(
  content: Readable,
  { graceMs = GRACE_MS, leastBytesPerSecond = LEAST_BYTES_PER_SECOND, lookEveryMs = LOOK_EVERY_MS } = {},
): Readable {
  const begun = performance.now();
  let bytes = 0;
  const timer = setInterval(() => {
    const seconds = (performance.now() - begun) / 1000;
    if (seconds * 1000 < graceMs || bytes / seconds >= leastBytesPerSecond) return;
    const slow = `The body came in at less than ${leastBytesPerSecond} bytes a second. Nothing was stored; upload it again.`;
    content.destroy(new KonturError('request-timeout', slow));
  }, lookEveryMs);
  const stop = () => clearInterval(timer);
  content.once('close', stop);
  async function* read() {
    try {
      // The stream is the request, on whose connection a refusal is answered.
      for await (const chunk of content.iterator({ destroyOnReturn: false })) {
        bytes += chunk.length;
        yield chunk;
      }
    } finally {
      stop();
    }
  }
  return Readable.from(read(), { objectMode: false });
}
