import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Cache } from './cache.ts';
import type { S3Bucket, S3Object } from './s3-bucket.ts';

/** Of the limit: what is written between two looks at the bucket, and what a sweep leaves free. */
const SWEEP_PART = 0.05;

/**
 * Keeps files in a bucket, for all processes that have a hand in it; the object `<folder>/<name>` holds that of a name. Beyond
 * `limitBytes` those go that were written longest ago: a bucket does not know when an object was read. It may exceed the limit
 * by a twentieth for each process that writes to it.
 */
export function createS3Cache({
  bucket,
  folder,
  limitBytes,
}: {
  bucket: S3Bucket;
  folder: string;
  limitBytes: number;
}): Cache {
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
