import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FileCache } from '../runtime/file-cache.ts';
import type { S3Bucket, S3Object } from './s3-bucket.ts';

/** Share of the limit that is written between two sweeps of the bucket, and that a sweep leaves free. */
const SWEEP_PART = 0.05;

/**
 * Caches files in a bucket that several processes share; the object `<folder>/<name>` holds the file of a name. Beyond
 * `limitBytes` the files written longest ago are deleted: a bucket does not record when an object was read. Each
 * process that writes may exceed the limit by a twentieth.
 */
export function createS3Cache({
  bucket,
  folder,
  limitBytes,
}: {
  bucket: S3Bucket;
  folder: string;
  limitBytes: number;
}): FileCache {
  const nameOf = (name: string) => `${folder}/${name}`;
  const listAll = (): Promise<S3Object[]> => Readable.from(bucket.list(nameOf(''))).toArray();
  let writtenBytes = Number.POSITIVE_INFINITY;
  let sweeping: Promise<void> | undefined;

  async function sweep(): Promise<void> {
    writtenBytes = 0;
    const objects = await listAll();
    let total = objects.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= limitBytes) return;
    for (const { name, bytes } of objects.sort((a, b) => a.storedTime - b.storedTime)) {
      if (total <= limitBytes * (1 - SWEEP_PART)) return;
      await bucket.remove(name);
      total -= bytes;
    }
  }

  return {
    async read(name, to) {
      try {
        const content = await buffer(bucket.read(nameOf(name)));
        await writeFile(to, content, { mode: 0o600 });
        return content.length;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },

    async write(name, from) {
      const content = await readFile(from);
      if (content.length > limitBytes) return;
      await bucket.put(nameOf(name), content);
      writtenBytes += content.length;
      if (writtenBytes <= limitBytes * SWEEP_PART) return;
      sweeping ??= sweep().finally(() => {
        sweeping = undefined;
      });
      await sweeping;
    },

    async removeAll(prefix) {
      for await (const { name } of bucket.list(nameOf(prefix))) await bucket.remove(name);
    },

    async list() {
      return (await listAll()).map(({ name }) => name.slice(nameOf('').length));
    },
  };
}
