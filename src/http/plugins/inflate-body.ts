import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { KonturError } from '#contract/errors';

const INFLATERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate };

/**
 * A body as it was before a client compressed it, which the Python client does with every body (docs/contract.md#transport-compressed-bodies).
 *
 * @param encoding the header `content-encoding`
 * @returns `body` itself where it is not compressed; else a stream that inflates while it is read, and stops where it is destroyed
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
