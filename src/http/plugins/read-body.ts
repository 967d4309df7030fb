import type { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';

/** Longest time for a body to arrive: the largest one at 1.2 Mbit/s. Bounds clients that send a byte now and then. */
const ARRIVAL_MS = 120_000;
/**
 * How much of a refused body is still read and dropped: most clients read no answer before they have sent everything.
 */
const MOST_DROPPED_BYTES = 32 * 1024 * 1024;
const DROPPING_MS = 10_000;

/** The limits of a body and how it is read. */
export interface BodyReading {
  /** Limit in bytes, both as sent and inflated. */
  limitBytes: number;
  /** The header `content-length`, if there is one. */
  declaredBytes: number | undefined;
  /** Returns the decompressed body; `sent` itself if it is not compressed. */
  inflate: () => Readable;
  /** Checks the next inflated bytes before more are read; throws to refuse the body. */
  inspect: (bytes: Buffer) => void;
}

/**
 * Reads a body and inflates it. Nothing is held or inflated beyond the limit; the rest of a refused body is dropped as
 * it arrives, so that its client reads the answer.
 *
 * @throws KonturError `body-too-large`; `request-timeout` if the body is not there in time; `invalid-request` if the
 *   client disconnects; whatever `inflate` and `inspect` throw. An error of zlib for bytes that cannot be inflated.
 */
export async function readBody(sent: Readable, reading: BodyReading): Promise<Buffer> {
  const { declaredBytes = 0, limitBytes } = reading;
  try {
    if (declaredBytes > limitBytes) throw tooLarge(limitBytes);
    return await collect(sent, reading.inflate(), reading);
  } catch (error) {
    if (error instanceof KonturError && error.code !== 'request-timeout') await drop(sent);
    throw error;
  }
}

function collect(sent: Readable, body: Readable, { limitBytes, inspect }: BodyReading): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => {
      settle(() => reject(new KonturError('request-timeout', `The body did not arrive in ${ARRIVAL_MS / 1000} s.`)));
    }, ARRIVAL_MS);
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      try {
        if (bytes > limitBytes) throw tooLarge(limitBytes);
        inspect(chunk);
      } catch (error) {
        settle(() => reject(error));
      }
      chunks.push(chunk);
    };
    const settle = (answer: () => void) => {
      clearTimeout(timer);
      body.off('data', take);
      if (body !== sent) {
        sent.unpipe();
        body.destroy();
      }
      answer();
    };
    body.on('data', take);
    body.on('end', () => settle(() => resolve(Buffer.concat(chunks, bytes))));
    body.on('error', (error) => settle(() => reject(isOfInflater(error) ? error : cutOff(error))));
    body.on('close', () => settle(() => reject(cutOff())));
  });
}

/** Keeps reading and discards everything while a client may still be sending. */
function drop(sent: Readable): Promise<void> {
  if (sent.readableEnded || sent.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DROPPING_MS);
    let bytes = 0;
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_DROPPED_BYTES) end();
    };
    const end = () => {
      clearTimeout(timer);
      sent.off('data', count);
      resolve();
    };
    sent.on('data', count).on('end', end).on('error', end).on('close', end).resume();
  });
}

const isOfInflater = ({ code }: Error & { code?: string }) => code?.startsWith('Z_') === true;
const tooLarge = (limitBytes: number) =>
  new KonturError('body-too-large', `The body is larger than the limit of ${limitBytes} bytes, as sent or inflated.`);
const cutOff = (cause?: Error) => new KonturError('invalid-request', 'The body broke off.', { cause });
