import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { safeParse } from 'fast-content-type-parse';
import { KonturError } from '#contract/errors';
import { notMediaType } from '../../error-handler.ts';

/** A digest that a client sends along with a content. */
interface Digest {
  header: string;
  algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
  value: Buffer;
}

const LENGTHS = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;
/** Names of algorithms as headers have them; digests by others are not checked. */
const ALGORITHMS: Record<string, Digest['algorithm']> = {
  md5: 'md5',
  sha: 'sha1',
  sha1: 'sha1',
  'sha-1': 'sha1',
  'sha-256': 'sha256',
  'sha-512': 'sha512',
};
/** Headers with one digest, in base64. */
const SINGLE: Record<string, Digest['algorithm']> = {
  'content-md5': 'md5',
  'x-ms-blob-content-md5': 'md5',
  'x-amz-checksum-sha1': 'sha1',
  'x-amz-checksum-sha256': 'sha256',
};
/**
 * Headers with a list of `algorithm=digest` (RFC 9530, where digests stand between colons; RFC 3230; Google Cloud
 * Storage).
 */
const LISTS = ['content-digest', 'repr-digest', 'digest', 'x-goog-hash'];

/**
 * Checks the headers of an upload, before any of its body is read.
 * @throws KonturError `invalid-request` for a part of a content, `unsupported-content-type` for a form or no media type
 */
export function checkUpload(headers: IncomingHttpHeaders): void {
  if (headers['content-range'] !== undefined) {
    throw new KonturError(
      'invalid-request',
      `The header content-range (${headers['content-range']}) says that this is a part of the content, which would be stored as the whole. Send the whole in one PUT, or begin an upload in parts with POST …/files/initmultipartupload.`,
    );
  }
  const type = headers['content-type']?.trim();
  if (type === undefined || type === '') return;
  if (safeParse(type).type === '') {
    throw new KonturError('unsupported-content-type', notMediaType(type));
  }
  if (/^multipart\//i.test(type)) {
    throw new KonturError(
      'unsupported-content-type',
      'The body is a form (multipart), whose frame would be stored with the file. Send the bytes of the file alone, as curl --upload-file PHOTO does.',
    );
  }
}

/**
 * Passes the content on, and fails at its end if it does not match a digest in the headers.
 * @throws KonturError `invalid-request` for a digest that is none
 */
export function checkDigests(content: Readable, headers: IncomingHttpHeaders): Readable {
  const digests = [...singleDigests(headers), ...listedDigests(headers)];
  if (digests.length === 0) return content;
  const hashes = new Map(digests.map(({ algorithm }) => [algorithm, createHash(algorithm)]));
  async function* read() {
    // The stream is the request, on whose connection the refusal is answered.
    for await (const chunk of content.iterator({ destroyOnReturn: false })) {
      for (const hash of hashes.values()) hash.update(chunk);
      yield chunk;
    }
    const found = new Map([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest()]));
    for (const { header, algorithm, value } of digests) {
      const actual = found.get(algorithm);
      if (actual === undefined || timingSafeEqual(actual, value)) continue;
      throw new KonturError(
        'invalid-request',
        `The content is not the one that ${header} says: its ${algorithm} is ${actual.toString('base64')}, not ${value.toString('base64')}. Nothing was stored; upload it again.`,
      );
    }
  }
  return Readable.from(read(), { objectMode: false });
}

function singleDigests(headers: IncomingHttpHeaders): Digest[] {
  return Object.entries(SINGLE).flatMap(([header, algorithm]) => {
    const text = headers[header];
    return text === undefined ? [] : [toDigest(header, algorithm, String(text))];
  });
}

function listedDigests(headers: IncomingHttpHeaders): Digest[] {
  return LISTS.flatMap((header) =>
    String(headers[header] ?? '')
      .split(',')
      .flatMap((entry) => {
        const at = entry.indexOf('=');
        const algorithm = ALGORITHMS[entry.slice(0, Math.max(0, at)).trim().toLowerCase()];
        return algorithm === undefined ? [] : [toDigest(header, algorithm, entry.slice(at + 1))];
      }),
  );
}

function toDigest(header: string, algorithm: Digest['algorithm'], text: string): Digest {
  const inner = text.trim().replace(/^:(.*):$/, '$1');
  const value = Buffer.from(inner, 'base64');
  if (value.length !== LENGTHS[algorithm] || value.toString('base64').replace(/=+$/, '') !== inner.replace(/=+$/, '')) {
    throw new KonturError(
      'invalid-request',
      `The header ${header} has no ${algorithm} digest in base64: ${LENGTHS[algorithm]} bytes are wanted.`,
    );
  }
  return { header, algorithm, value };
}
