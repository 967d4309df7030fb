import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { KonturError } from '../contract/error-codes.ts';
import type { Blobs, StoredBlob } from './blobs.ts';

/**
 * Blobs in a folder: `ab/ab12…` holds the content of the key `ab12…`, `tmp/` what is still being written. A file appears
 * under its key only when it is whole and on the disk. Uploads that an earlier process left in `tmp/` are removed.
 */
export async function createDiskBlobs(folder: string): Promise<Blobs> {
  const temporary = join(folder, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);

  return {
    async write(content, limitBytes) {
      const key = randomBytes(16).toString('hex');
      const unfinished = join(temporary, key);
      try {
        const stored = await writeFile(unfinished, content, limitBytes);
        await mkdir(dirname(pathOf(key)), { recursive: true });
        await rename(unfinished, pathOf(key));
        return { key, ...stored };
      } catch (error) {
        await rm(unfinished, { force: true });
        throw isDiskFull(error) ? new KonturError('disk-full', NO_ROOM, { cause: error }) : error;
      }
    },
    read: (key) => createReadStream(pathOf(key)),
    localPath: async (key) => pathOf(key),
    remove: (key) => rm(pathOf(key), { force: true }),

    async *list() {
      const shelves = (await readdir(folder)).filter((name) => SHELF.test(name));
      for (const shelf of shelves) {
        for (const key of await readdir(join(folder, shelf))) {
          const storedTime = await modifiedTime(pathOf(key));
          if (storedTime !== undefined) yield { key, storedTime };
        }
      }
    },
  };
}

/** Folder that holds the keys which begin with its name. */
const SHELF = /^[0-9a-f]{2}$/;

const NO_ROOM =
  'There is no room left on the server for this upload; nothing was stored. Free some space and upload again.';

async function writeFile(path: string, content: Readable, limitBytes: number): Promise<Omit<StoredBlob, 'key'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    // The stream is the request of a client: destroying it would take away the connection that the error is answered on.
    for await (const chunk of content.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        throw new KonturError('body-too-large', `The upload is larger than the limit of ${limitBytes} bytes.`);
      }
      hash.update(chunk);
      await writeFully(file, chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** One call of `write` may write less than it was given, on a disk that is filling up for instance. */
async function writeFully(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    offset += (await file.write(chunk, offset)).bytesWritten;
  }
}

/** Undefined where the file is gone. */
async function modifiedTime(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
