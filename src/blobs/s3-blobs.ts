import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { KonturError } from '#contract/errors';
import { hashStream } from '../runtime/hash-stream.ts';
import type { Blobs } from './blobs.ts';
import type { LocalCopies } from './local-copies.ts';
import { measureContent } from './measure-content.ts';
import type { S3Bucket } from './s3-bucket.ts';

/** Smallest part of an upload that S3 accepts. */
const PART_BYTES = 5 * 1024 * 1024;
/** Most parts of an upload that S3 accepts. */
const PARTS = 10_000;
/**
 * Limit of a stalled fetch. It is shorter than the time limit of a job, which would otherwise be blamed for the stall.
 */
const STALL_LIMIT_MS = 15_000;

/**
 * Stores blobs in a bucket: the object `<folder>/<key>` holds the content of the key. Uploads in parts that are never
 * completed, for instance by a killed process, do not appear here; a lifecycle rule of the bucket deletes them.
 */
export function createS3Blobs({
  bucket,
  folder,
  copies,
  stallLimitMs = STALL_LIMIT_MS,
}: {
  bucket: S3Bucket;
  folder: string;
  /** Local copies of contents, for processes that can only be given a path. */
  copies: LocalCopies;
  /** Time without data after which a fetch is given up, in milliseconds. */
  stallLimitMs?: number;
}): Blobs {
  const nameOf = (key: string) => `${folder}/${key}`;

  return {
    async write(content, limitBytes) {
      const key = randomBytes(16).toString('hex');
      const { chunks, measure } = measureContent(content, limitBytes);
      const partBytes = Math.max(PART_BYTES, Math.ceil(limitBytes / PARTS));
      await bucket.upload(nameOf(key), Readable.from(chunks, { objectMode: false }), partBytes);
      return { key, ...measure() };
    },
    read: (key, range) => Readable.from(bucket.read(nameOf(key), range), { objectMode: false }),
    localPath: (key, sha256) =>
      copies.path(key, async (path) => {
        try {
          await download(refuseStall(bucket.read(nameOf(key)), stallLimitMs), path, sha256);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
          throw new KonturError('unavailable', 'The store does not have the content.', { cause: error });
        }
      }),
    async remove(key) {
      await bucket.remove(nameOf(key));
      await copies.remove(key);
    },
    ping: () => bucket.ping(),

    async *list() {
      for await (const { name, storedTime } of bucket.list(nameOf(''))) {
        yield { key: name.slice(nameOf('').length), storedTime };
      }
    },
  };
}

async function* refuseStall(content: AsyncGenerator<Uint8Array>, limitMs: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const arrived = new AbortController();
    const stalled = sleep(limitMs, undefined, { signal: arrived.signal }).catch(() => undefined);
    const next = await Promise.race([content.next(), stalled]).finally(() => arrived.abort());
    if (next === undefined) throw new KonturError('unavailable', 'The store stopped in the middle of a content.');
    if (next.done) return;
    yield next.value;
  }
}

async function download(content: AsyncGenerator<Uint8Array>, path: string, sha256: string): Promise<void> {
  const { chunks, measure } = hashStream(content);
  await pipeline(chunks, createWriteStream(path, { mode: 0o600 }));
  if (measure().sha256 !== sha256) {
    throw new KonturError('unavailable', 'The store has other content than was stored.');
  }
}
