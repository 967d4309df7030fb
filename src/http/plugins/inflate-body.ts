import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { KonturError } from '#contract/errors';

const INFLATERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate };

/**
 * Decompresses a body; the Python client compresses every one (docs/contract.md#transport-compressed-bodies).
 *
 * @param encoding the header `content-encoding`
 * @returns `body` itself if it is not compressed; else a stream that inflates while it is read, and stops when it is
 *   destroyed
 * @throws KonturError `unsupported-content-type`
 */
export function inflateBody(body: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity') return body;
  if (!Object.hasOwn(INFLATERS, name)) {
    throw new KonturError('unsupported-content-type', `Bodies may be sent plain, gzip or deflate, not ${name}.`);
  }
  const inflater = INFLATERS[name as keyof typeof INFLATERS]();
  body.on('error', (error) => inflater.destroy(error));
  return body.pipe(inflater);
}
